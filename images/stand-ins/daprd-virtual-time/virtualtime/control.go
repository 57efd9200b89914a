package virtualtime

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"
)

// Of one width, so that texts are in the order of their times; in UTC.
const timeFormat = "2006-01-02T15:04:05.000000000Z07:00"

type stateJSON struct {
	// null: not told yet.
	Now *string `json:"now"`
	// When the next tick is due; null: none is.
	Next     *string       `json:"next"`
	Bindings []bindingJSON `json:"bindings"`
}

type bindingJSON struct {
	Name     string  `json:"name"`
	Schedule string  `json:"schedule"`
	Next     *string `json:"next"`
}

type advanceJSON struct {
	To string `json:"to"`
	// The app has answered each tick, or it has only been started.
	Await string `json:"await"`
	// The longest that is waited, in real time.
	WithinMs int `json:"withinMs"`
}

type advancedJSON struct {
	Now   *string    `json:"now"`
	Next  *string    `json:"next"`
	Ticks []tickJSON `json:"ticks"`
	// Why it ended before what it was asked for; null: it did not.
	Stopped *string `json:"stopped"`
}

type tickJSON struct {
	Binding string `json:"binding"`
	Due     string `json:"due"`
	// Milliseconds since 1970, in real time; null: it was never started.
	StartedMs *float64 `json:"startedMs"`
	TookMs    float64  `json:"tookMs"`
	Answered  bool     `json:"answered"`
	// What daprd makes of the app's answer; null: a success, or no answer yet.
	Error *string `json:"error"`
}

type countJSON struct {
	To   string `json:"to"`
	Most int    `json:"most"`
}

type countedJSON struct {
	// At most one more than was asked for.
	Count int `json:"count"`
}

// serve listens at once, so that a taken address is known, and answers from then on.
func serve(address string, clock *Clock) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handlerOf(clock), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return nil
}

func handlerOf(clock *Clock) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /clock", func(w http.ResponseWriter, r *http.Request) {
		if quiet(w, r, clock) {
			answer(w, stateOf(clock))
		}
	})
	mux.HandleFunc("POST /clock/tell", func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Now string `json:"now"`
		}
		now, ok := read(w, r, &asked, func() string { return asked.Now })
		if !ok {
			return
		}
		if err := clock.Tell(now); err != nil {
			refuse(w, http.StatusConflict, err)
			return
		}
		answer(w, stateOf(clock))
	})
	mux.HandleFunc("POST /clock/advance", func(w http.ResponseWriter, r *http.Request) {
		var asked advanceJSON
		to, ok := read(w, r, &asked, func() string { return asked.To })
		if !ok {
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), time.Duration(asked.WithinMs)*time.Millisecond)
		defer cancel()
		ticks, err := clock.Advance(ctx, to, asked.Await != "started")
		if errors.Is(err, errNotTold) || errors.Is(err, errBack) {
			refuse(w, http.StatusConflict, err)
			return
		}
		state := stateOf(clock)
		answer(w, advancedJSON{Now: state.Now, Next: state.Next, Ticks: ticksJSON(ticks), Stopped: textOf(err)})
	})
	mux.HandleFunc("POST /clock/count", func(w http.ResponseWriter, r *http.Request) {
		var asked countJSON
		to, ok := read(w, r, &asked, func() string { return asked.To })
		if ok && quiet(w, r, clock) {
			answer(w, countedJSON{Count: clock.Count(to, asked.Most)})
		}
	})
	return mux
}

// quiet waits until it is known when the next tick is due.
func quiet(w http.ResponseWriter, r *http.Request, clock *Clock) bool {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := clock.await(ctx, clock.isQuiet); err != nil {
		refuse(w, http.StatusServiceUnavailable, errors.New("a cron has not set its timer in 5 s"))
		return false
	}
	return true
}

// Count says how many ticks are due until then, without firing one; it stops after one more than `most`.
func (c *Clock) Count(to time.Time, most int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	count := 0
	for _, r := range c.readers {
		if r.timer == nil {
			continue
		}
		for due := r.timer.deadline; !due.IsZero() && !due.After(to); due = r.next(due) {
			if count++; count > most {
				return count
			}
		}
	}
	return count
}

func stateOf(clock *Clock) stateJSON {
	clock.mu.Lock()
	defer clock.mu.Unlock()
	state := stateJSON{Now: timeOf(clock.now), Next: timeOf(clock.next()), Bindings: []bindingJSON{}}
	for _, r := range clock.readers {
		one := bindingJSON{Name: r.name, Schedule: r.schedule}
		if r.timer != nil {
			one.Next = timeOf(r.timer.deadline)
		}
		state.Bindings = append(state.Bindings, one)
	}
	return state
}

func ticksJSON(ticks []Tick) []tickJSON {
	all := make([]tickJSON, 0, len(ticks))
	for _, tick := range ticks {
		one := tickJSON{
			Binding: tick.Binding, Due: tick.Due.UTC().Format(timeFormat), Answered: tick.Answered,
			TookMs: float64(tick.Took) / float64(time.Millisecond), Error: textOf(tick.Err),
		}
		if !tick.Started.IsZero() {
			started := float64(tick.Started.UnixNano()) / float64(time.Millisecond)
			one.StartedMs = &started
		}
		all = append(all, one)
	}
	return all
}

func timeOf(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(timeFormat)
	return &text
}

func textOf(err error) *string {
	if err == nil {
		return nil
	}
	text := err.Error()
	return &text
}

// read takes the request's body, and the time that it names.
func read(w http.ResponseWriter, r *http.Request, into any, named func() string) (time.Time, bool) {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64*1024)).Decode(into)
	var at time.Time
	if err == nil {
		at, err = time.Parse(time.RFC3339Nano, named())
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return time.Time{}, false
	}
	return at, true
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func refuse(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
