package virtualtime

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/dapr/components-contrib/bindings"
	"github.com/dapr/components-contrib/bindings/cron"
	kitcron "github.com/dapr/kit/cron"
	"github.com/dapr/kit/logger"
	kitmd "github.com/dapr/kit/metadata"
)

// AddressVariable names where the clock is controlled, for example 127.0.0.1:3590.
const AddressVariable = "SITECAR_VIRTUAL_CLOCK"

// The clock of this process; nil: it was not said where it is controlled.
var processClock = serveFromEnvironment()

func serveFromEnvironment() *Clock {
	address := os.Getenv(AddressVariable)
	if address == "" {
		return nil
	}
	clock := newClock()
	if err := serve(address, clock); err != nil {
		fmt.Fprintf(os.Stderr, "virtual time: the clock can't be controlled at %s: %v\n", address, err)
		return nil
	}
	return clock
}

// NewCron is registered in the place of the cron binding's own constructor.
func NewCron(log logger.Logger) bindings.InputBinding {
	return newCron(log, processClock)
}

// binding is contrib's cron binding on a virtual clock. Each reading gets a cron and a clock of its own, so that timers of one
// that was stopped are not taken for those of the next.
type binding struct {
	log   logger.Logger
	clock *Clock
	meta  bindings.Metadata
	// As contrib decodes it.
	schedule string
	next     func(time.Time) time.Time

	mu     sync.Mutex
	open   map[bindings.InputBinding]struct{}
	closed chan struct{}
	once   sync.Once
}

func newCron(log logger.Logger, clock *Clock) *binding {
	return &binding{log: log, clock: clock, open: map[bindings.InputBinding]struct{}{}, closed: make(chan struct{})}
}

func (b *binding) Init(ctx context.Context, meta bindings.Metadata) error {
	if b.clock == nil {
		return errors.New("this daprd is sitecar's for virtual time and can't run without it: " + AddressVariable + " is not set, or its address is taken")
	}
	// It finds what is wrong in the words of the real one.
	if err := cron.NewCron(b.log).Init(ctx, meta); err != nil {
		return err
	}
	var decoded struct{ Schedule string }
	if err := kitmd.DecodeMetadata(meta.Properties, &decoded); err != nil {
		return err
	}
	parser := kitcron.NewParser(
		kitcron.SecondOptional | kitcron.Minute | kitcron.Hour | kitcron.Dom | kitcron.Month | kitcron.Dow | kitcron.Descriptor,
	)
	parsed, err := parser.Parse(decoded.Schedule)
	if err != nil {
		return err
	}
	b.meta, b.schedule = meta, decoded.Schedule
	// Schedules without a zone are read in the container's own, as cron does.
	b.next = func(t time.Time) time.Time { return parsed.Next(t.In(time.Local)) }
	b.log.Warnf("virtual time: the ticks of %s (%s) follow sitecar's clock, not this machine's", meta.Name, b.schedule)
	return nil
}

func (b *binding) Read(ctx context.Context, handler bindings.Handler) error {
	select {
	case <-b.closed:
		return errors.New("binding is closed")
	default:
	}
	r := &reader{clock: b.clock, name: b.meta.Name, schedule: b.schedule, next: b.next, busy: true}
	b.clock.add(r)
	go b.run(ctx, r, handler)
	return nil
}

// run begins when the clock is told, and ends with the reading.
func (b *binding) run(ctx context.Context, r *reader, handler bindings.Handler) {
	defer b.clock.remove(r)
	select {
	case <-b.clock.told:
	case <-ctx.Done():
		return
	case <-b.closed:
		return
	}
	inner := cron.NewCronWithClock(b.log, r)
	if !b.hold(inner) {
		return
	}
	defer b.drop(inner)
	err := inner.Init(ctx, b.meta)
	if err == nil {
		err = inner.Read(ctx, func(ctx context.Context, response *bindings.ReadResponse) ([]byte, error) {
			one := r.begin()
			data, err := handler(ctx, response)
			r.end(one, err)
			return data, err
		})
	}
	if err != nil {
		b.log.Errorf("virtual time: %s is not read: %v", r.name, err)
		return
	}
	r.begun()
	select {
	case <-ctx.Done():
	case <-b.closed:
	}
}

func (b *binding) hold(inner bindings.InputBinding) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.closed:
		return false
	default:
		b.open[inner] = struct{}{}
		return true
	}
}

func (b *binding) drop(inner bindings.InputBinding) {
	b.mu.Lock()
	_, held := b.open[inner]
	delete(b.open, inner)
	b.mu.Unlock()
	if held {
		_ = inner.Close()
	}
}

func (b *binding) Close() error {
	b.once.Do(func() { close(b.closed) })
	b.mu.Lock()
	open := b.open
	b.open = map[bindings.InputBinding]struct{}{}
	b.mu.Unlock()
	var failures []error
	for inner := range open {
		failures = append(failures, inner.Close())
	}
	return errors.Join(failures...)
}
