package serve

import (
	"sync/atomic"
	"testing"
	"time"
)

// A site is built again at the hour of a planned deployment, and when a day begins.
func TestByTheClock(t *testing.T) {
	var now, planned atomic.Int64
	at := func(hour, minute int) int64 { return time.Date(2024, 9, 7, hour, minute, 0, 0, time.Local).Unix() }
	now.Store(at(21, 0))
	planned.Store(at(21, 55))
	ask := byTheClock(t.Context(), time.Millisecond, func() time.Time { return time.Unix(now.Load(), 0) }, &planned)
	asked := func(want bool) {
		t.Helper()
		wait := 50 * time.Millisecond
		if want {
			wait = 10 * time.Second
		}
		select {
		case <-ask:
			if !want {
				t.Error("asked too early, or twice")
			}
		case <-time.After(wait):
			if want {
				t.Error("not asked")
			}
		}
	}
	asked(false)
	now.Store(at(21, 55))
	asked(true)
	asked(false)
	now.Store(at(24, 0))
	asked(true)
	asked(false)
}
