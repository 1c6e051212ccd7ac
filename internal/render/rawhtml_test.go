package render

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// What an anchor costs does not grow with the number of those before it: sixteen times as
// many would take 256 times as long. The bound lies far from both, and of several runs in
// turns the quickest count, so that the load of the machine does not.
func TestManyAnchors(t *testing.T) {
	took := func(anchors int) time.Duration {
		var raw strings.Builder
		for i := range anchors {
			fmt.Fprintf(&raw, "<a name=\"x%d\"></a>\n", i)
		}
		s, begun := sanitizer{places: map[string]string{}}, time.Now()
		s.clean([]byte(raw.String()), 0, true)
		if len(s.named) != anchors {
			t.Errorf("%d of %d anchors", len(s.named), anchors)
		}
		return time.Since(begun)
	}
	few, many := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range 5 {
		few, many = min(few, took(5_000)), min(many, took(80_000))
	}
	if many > 100*few {
		t.Errorf("5,000 anchors took %v, 80,000 took %v", few, many)
	}
}
