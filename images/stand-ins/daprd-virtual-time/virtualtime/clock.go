// Package virtualtime lets daprd's cron binding follow a clock that stands still until it is told to go on.
package virtualtime

import (
	"context"
	"errors"
	"sort"
	"sync"
	"time"
)

var (
	errNotTold = errors.New("the clock was not told what time it is")
	errTold    = errors.New("the clock was told what time it is already")
	errBack    = errors.New("the clock can't go back")
)

// Clock is the one of a daprd: its time is told once, and moves only by Advance. Nothing of cron runs until it is told.
type Clock struct {
	mu sync.Mutex
	// Zero: not told yet.
	now time.Time
	// Closed when the time is told.
	told chan struct{}
	// Closed, and replaced, whenever something changes.
	changed chan struct{}
	readers []*reader
	// Holds a token while somebody advances.
	advancing chan struct{}
}

func newClock() *Clock {
	return &Clock{told: make(chan struct{}), changed: make(chan struct{}), advancing: make(chan struct{}, 1)}
}

// Tell says what time it is. A second time is refused: a process has one past.
func (c *Clock) Tell(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.now.IsZero() {
		return errTold
	}
	c.now = now
	close(c.told)
	c.tellChange()
	return nil
}

// Now is the virtual time; zero before it was told.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Tick is one firing of a binding.
type Tick struct {
	Binding string
	// In virtual time.
	Due time.Time
	// In real time; zero: its cron was stopped before.
	Started time.Time
	Took    time.Duration
	// The app's answer has come, or daprd knows why it can't.
	Answered bool
	Err      error
}

// Advance goes to the next time at which something is due, or to `to` if nothing is due until then, and fires what is due:
// one after the other, by the bindings' names. Each has begun, and its cron has set its next timer, before it returns; with
// `answered` the app has answered each before the next one is fired.
// With a context that ends first, it returns the ticks so far; the last may not be answered.
func (c *Clock) Advance(ctx context.Context, to time.Time, answered bool) ([]Tick, error) {
	select {
	case c.advancing <- struct{}{}:
		defer func() { <-c.advancing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	due, err := c.goTo(ctx, to)
	ticks := make([]Tick, 0, len(due))
	for _, r := range due {
		if ctx.Err() != nil {
			// Its timer stays as it was, and is due at once the next time.
			return ticks, ctx.Err()
		}
		call := r.fire()
		if call == nil {
			continue
		}
		err = c.await(ctx, func() bool { return r.settled(call) && (!answered || r.finished(call)) })
		ticks = append(ticks, r.tickOf(call))
		if err != nil {
			return ticks, err
		}
	}
	return ticks, err
}

// goTo moves the time, and returns the readers that are due then.
func (c *Clock) goTo(ctx context.Context, to time.Time) ([]*reader, error) {
	if err := c.await(ctx, c.isQuiet); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.IsZero() {
		return nil, errNotTold
	}
	if to.Before(c.now) {
		return nil, errBack
	}
	next := c.next()
	if next.IsZero() || next.After(to) {
		c.now = to
		c.tellChange()
		return nil, nil
	}
	// One that was left over, or an interval below zero, is due now.
	if next.After(c.now) {
		c.now = next
		c.tellChange()
	}
	var due []*reader
	for _, r := range c.readers {
		if r.timer != nil && !r.timer.deadline.After(c.now) {
			due = append(due, r)
		}
	}
	sort.SliceStable(due, func(i, j int) bool { return due[i].name < due[j].name })
	return due, nil
}

// next is when the next tick is due; zero: none is. Called with the lock held.
func (c *Clock) next() time.Time {
	var next time.Time
	for _, r := range c.readers {
		if r.timer != nil && (next.IsZero() || r.timer.deadline.Before(next)) {
			next = r.timer.deadline
		}
	}
	return next
}

// isQuiet: every cron has set its timer, so it is known when the next tick is due. Called with the lock held.
func (c *Clock) isQuiet() bool {
	if c.now.IsZero() {
		return true
	}
	for _, r := range c.readers {
		if r.busy {
			return false
		}
	}
	return true
}

// await waits until something holds; it is asked with the lock held.
func (c *Clock) await(ctx context.Context, holds func() bool) error {
	for {
		c.mu.Lock()
		done, changed := holds(), c.changed
		c.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// tellChange is called with the lock held.
func (c *Clock) tellChange() {
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Clock) add(r *reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readers = append(c.readers, r)
	c.tellChange()
}

func (c *Clock) remove(r *reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, one := range c.readers {
		if one == r {
			c.readers = append(c.readers[:i], c.readers[i+1:]...)
			break
		}
	}
	r.stopped, r.busy, r.timer = true, false, nil
	c.tellChange()
}
