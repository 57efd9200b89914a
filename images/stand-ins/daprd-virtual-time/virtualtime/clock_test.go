// Older releases of Dapr have a go.mod for which Go keeps the timers that synctest has not.
//go:debug asynctimerchan=0

package virtualtime

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dapr/components-contrib/bindings"
	contribMetadata "github.com/dapr/components-contrib/metadata"
	"github.com/dapr/kit/logger"
)

var start = time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)

// reading is one binding that is being read, and what its handler was called with.
type reading struct {
	binding *binding
	stop    context.CancelFunc
	mu      sync.Mutex
	calls   int
}

func (r *reading) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls
}

func readOne(t *testing.T, clock *Clock, name, schedule string, handle func() error) *reading {
	t.Helper()
	b := newCron(logger.NewLogger("test"), clock)
	meta := bindings.Metadata{Base: contribMetadata.Base{Name: name, Properties: map[string]string{"schedule": schedule, "direction": "input"}}}
	if err := b.Init(t.Context(), meta); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	one := &reading{binding: b, stop: stop}
	err := b.Read(ctx, func(_ context.Context, response *bindings.ReadResponse) ([]byte, error) {
		one.mu.Lock()
		one.calls++
		one.mu.Unlock()
		if response.Metadata["timeZone"] == "" || response.Metadata["readTimeUTC"] == "" {
			t.Error("the handler did not get the binding's own metadata")
		}
		if handle == nil {
			return nil, nil
		}
		return nil, handle()
	})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func told(t *testing.T, now time.Time) *Clock {
	t.Helper()
	clock := newClock()
	if err := clock.Tell(now); err != nil {
		t.Fatal(err)
	}
	return clock
}

// all advances instant by instant, and says what fired: binding and time since the start.
func all(t *testing.T, clock *Clock, to time.Time) []string {
	t.Helper()
	fired := []string{}
	for i := 0; i < 10_000; i++ {
		ticks, err := clock.Advance(t.Context(), to, true)
		if err != nil {
			t.Fatal(err)
		}
		for _, tick := range ticks {
			if !tick.Answered || tick.Started.IsZero() {
				t.Errorf("tick %+v was not awaited", tick)
			}
			fired = append(fired, tick.Binding+" "+tick.Due.Sub(start).String())
		}
		if len(ticks) == 0 && clock.Now().Equal(to) {
			return fired
		}
	}
	t.Fatal("it does not end")
	return nil
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestTicksAreFiredInOrder(t *testing.T) {
	clock := told(t, start)
	b := readOne(t, clock, "b", "@every 10s", nil)
	a := readOne(t, clock, "a", "*/15 * * * * *", nil)
	same(t, all(t, clock, start.Add(30*time.Second)), "b 10s", "a 15s", "b 20s", "a 30s", "b 30s")
	if a.count() != 2 || b.count() != 3 {
		t.Fatalf("called %d and %d times", a.count(), b.count())
	}
	same(t, all(t, clock, start.Add(39*time.Second)))
}

func TestNothingRunsBeforeTheTimeIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newClock()
		one := readOne(t, clock, "a", "@every 1s", nil)
		// A cron that ran would have set its timer by then.
		synctest.Wait()
		if !clock.next().IsZero() {
			t.Fatal("a cron runs")
		}
		if _, err := clock.Advance(t.Context(), start, true); !errors.Is(err, errNotTold) {
			t.Fatalf("got %v", err)
		}
		if err := clock.Tell(start); err != nil {
			t.Fatal(err)
		}
		if err := clock.Tell(start); !errors.Is(err, errTold) {
			t.Fatalf("got %v", err)
		}
		same(t, all(t, clock, start.Add(time.Second)), "a 1s")
		if one.count() != 1 {
			t.Fatal("not called")
		}
		one.stop()
		synctest.Wait()
	})
}

func TestItDoesNotGoBack(t *testing.T) {
	clock := told(t, start)
	if _, err := clock.Advance(t.Context(), start.Add(-1), true); !errors.Is(err, errBack) {
		t.Fatalf("got %v", err)
	}
}

func TestOneThatNeverFiresHoldsNothingUp(t *testing.T) {
	clock := told(t, start)
	readOne(t, clock, "never", "0 0 0 30 2 *", nil)
	readOne(t, clock, "daily", "@daily", nil)
	same(t, all(t, clock, start.Add(48*time.Hour)), "daily 24h0m0s", "daily 48h0m0s")
}

func TestTheLastOneHoldsNothingUp(t *testing.T) {
	// The leap year after it is eight years away, and cron looks five years ahead.
	clock := told(t, time.Date(2096, 2, 28, 0, 0, 0, 0, time.UTC))
	one := readOne(t, clock, "leap", "0 0 0 29 2 *", nil)
	for _, to := range []time.Time{time.Date(2096, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(2096, 3, 2, 0, 0, 0, 0, time.UTC)} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := clock.Advance(ctx, to, true); err != nil {
			t.Fatal(err)
		}
	}
	if one.count() != 1 {
		t.Fatalf("called %d times", one.count())
	}
}

func TestDaylightSaving(t *testing.T) {
	clock := told(t, start)
	readOne(t, clock, "night", "CRON_TZ=Europe/Berlin 0 30 2 * * *", nil)
	// 02:30 does not exist on the 29th.
	same(t, all(t, clock, start.Add(72*time.Hour)), "night 1h30m0s", "night 48h30m0s")
}

func TestOneThatIsStoppedIsNotFired(t *testing.T) {
	clock := told(t, start)
	a := readOne(t, clock, "a", "@every 1s", nil)
	b := readOne(t, clock, "b", "@every 1s", nil)
	same(t, all(t, clock, start.Add(time.Second)), "a 1s", "b 1s")
	a.stop()
	if err := clock.await(t.Context(), func() bool { return len(clock.readers) == 1 }); err != nil {
		t.Fatal(err)
	}
	same(t, all(t, clock, start.Add(2*time.Second)), "b 2s")
	if err := b.binding.Close(); err != nil {
		t.Fatal(err)
	}
	if err := clock.await(t.Context(), func() bool { return len(clock.readers) == 0 }); err != nil {
		t.Fatal(err)
	}
	same(t, all(t, clock, start.Add(9*time.Second)))
}

func TestTheIntervalBeginsAnewWithEachReading(t *testing.T) {
	clock := told(t, start)
	a := readOne(t, clock, "a", "@every 10s", nil)
	same(t, all(t, clock, start.Add(15*time.Second)), "a 10s")
	a.stop()
	if err := clock.await(t.Context(), func() bool { return len(clock.readers) == 0 }); err != nil {
		t.Fatal(err)
	}
	readOne(t, clock, "a", "@every 10s", nil)
	same(t, all(t, clock, start.Add(40*time.Second)), "a 25s", "a 35s")
}

func TestAnAnswerIsAwaitedOrNot(t *testing.T) {
	clock := told(t, start)
	entered, release := make(chan struct{}, 3), make(chan struct{})
	readOne(t, clock, "slow", "@every 1s", func() error {
		entered <- struct{}{}
		<-release
		return errors.New("status 500")
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	ticks, err := clock.Advance(ctx, start.Add(5*time.Second), true)
	if !errors.Is(err, context.Canceled) || len(ticks) != 1 || ticks[0].Answered || ticks[0].Started.IsZero() {
		t.Fatalf("got %+v, %v", ticks, err)
	}
	ticks, err = clock.Advance(t.Context(), start.Add(5*time.Second), false)
	if err != nil || len(ticks) != 1 || ticks[0].Answered || ticks[0].Due != start.Add(2*time.Second) {
		t.Fatalf("got %+v, %v", ticks, err)
	}
	close(release)
	ticks, err = clock.Advance(t.Context(), start.Add(5*time.Second), true)
	if err != nil || len(ticks) != 1 || !ticks[0].Answered || ticks[0].Err == nil {
		t.Fatalf("got %+v, %v", ticks, err)
	}
}

func TestCountFiresNothing(t *testing.T) {
	clock := told(t, start)
	one := readOne(t, clock, "a", "@every 10s", nil)
	readOne(t, clock, "often", "* * * * * *", nil)
	if err := clock.await(t.Context(), clock.isQuiet); err != nil {
		t.Fatal(err)
	}
	if got := clock.Count(start.Add(5*time.Minute), 100); got != 101 {
		t.Fatalf("got %d", got)
	}
	if one.count() != 0 || !clock.Now().Equal(start) {
		t.Fatal("something was fired")
	}
}

func TestWithoutAClockItDoesNotRun(t *testing.T) {
	err := newCron(logger.NewLogger("test"), nil).Init(t.Context(), bindings.Metadata{})
	if err == nil {
		t.Fatal("it runs")
	}
}
