package site

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Of output whose words are all different, so much is searched that a build stays
// quick; the notes are searched in any case.
func TestLongTextIsSearchedInPart(t *testing.T) {
	var b strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&b, "%08x\n", uint32(i)*2654435761)
	}
	root := func(front, back string) string {
		return write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md",
			Data: []byte("---\nstatus: succeeded\n---\n\n```\n" + front + "```\n\n## Tips\n\n- " + back + "\n")}})
	}
	sizeOf := func(files []File) (size int) {
		var data bytes.Buffer
		for _, f := range files {
			if strings.HasPrefix(f.Path, "search/") {
				data.Reset()
				if err := f.Render(&data); err != nil {
					t.Fatal(err)
				}
				size += data.Len()
			}
		}
		return size
	}
	index := func(front, back string) int {
		_, out := load(t, root(front, back))
		return sizeOf(out.Files)
	}
	text := b.String()
	whole, part := index(text, "x"), index(text[:maxSearched/8*9], "x")
	if whole != part {
		t.Errorf("the index of %d bytes has %d, that of the first %d of its lines has %d", len(text), whole, maxSearched/8, part)
	}
	if noted := index(text, "oriole"); noted == whole {
		t.Error("the tip is not searched")
	}
	live := func(front string) int {
		files, err := loadLive(t, root(front, "x"), nil).laterFiles()()
		if err != nil {
			t.Fatal(err)
		}
		return sizeOf(files)
	}
	if whole, part := live(text), live(text[:maxSearched/8*9]); whole != part {
		t.Errorf("the index of the live site has %d bytes, and %d of the first lines", whole, part)
	}
}
