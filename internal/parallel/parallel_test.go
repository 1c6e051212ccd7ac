package parallel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	done := make([]int, 1000)
	Each(len(done), func(i int) { done[i]++ })
	for i, n := range done {
		if n != 1 {
			t.Errorf("%d was done %d times", i, n)
		}
	}
}

func TestUntilEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int32
	err := Until(ctx, 100_000, func(int) {
		calls.Add(1)
		cancel()
	})
	if !errors.Is(err, context.Canceled) || calls.Load() > 1000 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}

func TestPanicsCanBeCaught(t *testing.T) {
	defer func() {
		if v := recover(); !strings.HasPrefix(fmt.Sprint(v), "boom\n") {
			t.Errorf("caught %v", v)
		}
	}()
	Each(10, func(int) { panic("boom") })
}
