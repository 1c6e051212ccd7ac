package insights

import (
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// TestWordsOfWhatIsOver: what ended, nobody knows how, is neither unfinished nor in progress.
func TestWordsOfWhatIsOver(t *testing.T) {
	now := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)
	for body, want := range map[string]string{
		"Date: 2026-11-01\nStart: 10:00\nEnd: 10:20\nStatus: completed with errors":   "outcome unknown",
		"Date: 2026-11-20\nStart: 10:00\nEnd: 10:20\nErgebnis: teilweise erfolgreich": "outcome unknown",
		"Date: 2026-11-01\nStart: 10:00\nEnd: 10:20\n\n- [ ] a":                       "outcome unknown",
		"Date: 2026-11-01\nStart: 10:00\nStatus: completed with errors":               "unfinished",
		"Date: 2026-11-01\nStart: 10:00\nEnd: 10:20\nStatus: in progress":             "unfinished", // it says so
		"Date: 2026-11-20\nStart: 10:00\nEnd: 10:20\n\n- [ ] a":                       "in progress",
		"Date: 2026-11-20\nStart: 17:00\nEnd: 19:00\nStatus: partly":                  "in progress",
		"Date: 2026-11-01\nStart: 10:00\nEnd: 10:20\nStatus: failed":                  "failed",
	} {
		r := records.Parse("2026-11.md", []byte("# Shop\n\n"+body+"\n"), records.Options{})
		if got := StateWords(r, now); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}
