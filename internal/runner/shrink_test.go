package runner

import (
	"strings"
	"testing"
)

// A long paste is shown in the time of what is seen of it.
func TestLongPasteIsCutToWhatIsSeen(t *testing.T) {
	var in input
	in.insert(strings.Repeat("log ", 250_000))
	shown, cursor := in.visible(40)
	if got := width(shown); got > 40 || cursor >= 40 {
		t.Errorf("%d columns are shown, and the cursor is at %d", got, cursor)
	}
	in.at = 3
	if shown, cursor = in.visible(40); !strings.HasPrefix(shown, "log log") || cursor != 3 {
		t.Errorf("%q, cursor at %d", shown, cursor)
	}
}

// An editor may empty the file for a moment before it writes it.
func TestRecordThatLosesItsStepsWhileScrolled(t *testing.T) {
	d := sitDown(t, "# Long\n\n"+strings.Repeat("- [ ] a step\n", 60))
	d.press("G")
	d.save("nothing\n")
	d.press("d")
	d.wantSeen("This record has no steps.")
}
