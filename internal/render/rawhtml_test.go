package render

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What an anchor costs does not grow with the number of those before it.
func TestManyAnchors(t *testing.T) {
	var raw strings.Builder
	for i := range 150_000 {
		fmt.Fprintf(&raw, "<a name=\"x%d\"></a>\n", i)
	}
	s, begun := sanitizer{places: map[string]string{}}, time.Now()
	s.clean([]byte(raw.String()), 0, true)
	if took := time.Since(begun); took > 20*time.Second || len(s.named) != 150_000 {
		t.Errorf("%d anchors took %v", len(s.named), took)
	}
}
