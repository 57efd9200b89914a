package virtualtime

import (
	"time"

	k8sclock "k8s.io/utils/clock"
)

// reader is one cron, from when daprd begins to read a binding until it stops. It is the clock that this cron is given.
type reader struct {
	clock *Clock
	name  string
	// As the component's file has it.
	schedule string
	// By the binding's own parser; zero: never again.
	next func(time.Time) time.Time
	// It was started or fired, and has not set its timer yet.
	busy    bool
	stopped bool
	timer   *timer
	// Was fired, and the binding's handler has not been called yet.
	fired *call
}

// call is one call of the binding's handler, which posts to the app.
type call struct {
	due      time.Time
	started  time.Time
	took     time.Duration
	answered bool
	err      error
}

// fire lets a due timer go off. nil: the cron was stopped meanwhile.
func (r *reader) fire() *call {
	r.clock.mu.Lock()
	defer r.clock.mu.Unlock()
	if r.stopped || r.timer == nil {
		return nil
	}
	due := r.clock.now
	one := &call{due: due}
	t := r.timer
	r.fired, r.timer = one, nil
	r.busy = !r.next(due).IsZero()
	t.fired = true
	t.channel <- due
	r.clock.tellChange()
	return one
}

// settled: its job was started, and its cron has set the next timer if there is to be one. Called with the lock held.
func (r *reader) settled(one *call) bool {
	return r.stopped || (!one.started.IsZero() && !r.busy)
}

// finished: nothing more comes of it. Called with the lock held.
func (r *reader) finished(one *call) bool {
	return one.answered || (r.stopped && one.started.IsZero())
}

func (r *reader) tickOf(one *call) Tick {
	r.clock.mu.Lock()
	defer r.clock.mu.Unlock()
	return Tick{
		Binding: r.name, Due: one.due, Started: one.started,
		Took: one.took, Answered: one.answered, Err: one.err,
	}
}

// begin is called by the job that the cron has started.
func (r *reader) begin() *call {
	r.clock.mu.Lock()
	defer r.clock.mu.Unlock()
	one := r.fired
	if one == nil {
		one = &call{due: r.clock.now}
	}
	r.fired = nil
	one.started = time.Now()
	r.clock.tellChange()
	return one
}

func (r *reader) end(one *call, err error) {
	r.clock.mu.Lock()
	defer r.clock.mu.Unlock()
	one.took, one.answered, one.err = time.Since(one.started), true, err
	r.clock.tellChange()
}

// begun: the cron runs; one that never fires sets no timer.
func (r *reader) begun() {
	r.clock.mu.Lock()
	defer r.clock.mu.Unlock()
	if r.timer == nil && r.next(r.clock.now).IsZero() {
		r.busy = false
		r.clock.tellChange()
	}
}

func (r *reader) Now() time.Time { return r.clock.Now() }

func (r *reader) Since(t time.Time) time.Duration { return r.clock.Now().Sub(t) }

func (r *reader) NewTimer(d time.Duration) k8sclock.Timer {
	r.clock.mu.Lock()
	defer r.clock.mu.Unlock()
	t := &timer{reader: r, channel: make(chan time.Time, 1)}
	r.set(t, d)
	return t
}

// set is called with the lock held.
func (r *reader) set(t *timer, d time.Duration) {
	t.fired, t.deadline = false, r.clock.now.Add(d)
	if r.stopped {
		return
	}
	r.timer, r.busy = t, false
	r.clock.tellChange()
}

func (r *reader) After(d time.Duration) <-chan time.Time { return r.NewTimer(d).C() }

// Sleep and Tick are no part of what cron asks of its clock.
func (r *reader) Sleep(time.Duration) { panic("virtual time: cron is not known to sleep") }

func (r *reader) Tick(time.Duration) <-chan time.Time {
	panic("virtual time: cron is not known to use a ticker")
}

type timer struct {
	reader   *reader
	channel  chan time.Time
	deadline time.Time
	fired    bool
}

func (t *timer) C() <-chan time.Time { return t.channel }

func (t *timer) Stop() bool {
	t.reader.clock.mu.Lock()
	defer t.reader.clock.mu.Unlock()
	if t.fired {
		return false
	}
	t.fired = true
	if t.reader.timer == t {
		t.reader.timer = nil
		t.reader.clock.tellChange()
	}
	return true
}

func (t *timer) Reset(d time.Duration) bool {
	t.reader.clock.mu.Lock()
	defer t.reader.clock.mu.Unlock()
	was := !t.fired
	t.reader.set(t, d)
	return was
}
