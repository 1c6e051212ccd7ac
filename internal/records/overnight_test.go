package records

import (
	"strings"
	"testing"
	"time"
)

// TestOvernight: a clock time before the start's is one of the next day only if that is
// within twelve hours.
func TestOvernight(t *testing.T) {
	for end, want := range map[string]string{
		"23:50": "2024-08-31T23:50:00Z",
		"02:10": "2024-09-01T02:10:00Z",
		"10:30": "2024-09-01T10:30:00Z",
		"10:31": "",
		"22:00": "",
		"21:59": "",
	} {
		r := Parse("2024-08-31-22-30-deployment.md", []byte("# t\n\n## Deployment Metrics\n\n- Start Time: 2024-08-31 22:30\n- End Time: "+end+"\n"), Options{})
		got := ""
		if !r.Finished.IsZero() {
			got = r.Finished.Time.UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("an end at %s is %q, want %q", end, got, want)
		}
		if told := len(r.Problems) == 1 && strings.Contains(r.Problems[0].Message, "the end, "+end+", is before the start, 22:30"); told != (want == "") {
			t.Errorf("an end at %s: %v", end, r.Problems)
		}
	}
}
