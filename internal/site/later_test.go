package site

import (
	"testing"

	"github.com/deploysite/deploysite/internal/search"
)

// What fails on one line of a live site's text leaves the others to be searched.
func TestFailingLineIsLeftOut(t *testing.T) {
	var list said
	list.add([]byte("a line before any block makes the index panic"))
	list.begin(search.Body, "")
	list.add([]byte("heron"))
	text := &search.Text{}
	if err := say(string(list.out), search.NewBuilder(search.Options{}), text); err != nil || text.IsEmpty() {
		t.Errorf("nothing is searched: %v", err)
	}
}
