package exports

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lessons are the same by SQL: each note, and the sums of the page.
func (p project) lessons(t *testing.T, want map[string]number) {
	var said struct {
		Notes []struct {
			ID, Fate, First, Last string
			Step, In, Reason      *string
			Count                 int
		}
	}
	p.deploysite(t, &said, "lessons", "--json")
	got := map[string]number{}
	for _, n := range said.Notes {
		words := []string{"note", n.ID, n.Fate}
		for _, of := range []struct {
			word string
			is   *string
		}{{"in ", n.In}, {"as ", n.Step}, {"because ", n.Reason}, {"from ", &n.First}, {"to ", &n.Last}} {
			if of.is != nil {
				words = append(words, of.word+*of.is)
			}
		}
		got[strings.Join(words, " ")] = number{n.Count, n.Count, nil}
	}
	page, err := os.ReadFile(filepath.Join(p.site(t), "lessons", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fateOnPage.FindAllStringSubmatch(string(page), -1) {
		n := whole(t, strings.ReplaceAll(m[2], ",", ""))
		got["ledger  "+m[1]] = number{n, n, nil}
	}
	compare(t, got, want, 100)
	seen := map[string]int{"learned": want["ledger  learned"].n}
	for _, n := range said.Notes {
		seen[n.Fate]++
	}
	for _, fate := range []string{"open", "accepted", "dismissed", "came-back", "learned"} {
		if t.Logf("%s: %d", fate, seen[fate]); seen[fate] == 0 {
			t.Errorf("no note is %s, so nothing is seen of it", fate)
		}
	}
}

var fateOnPage = regexp.MustCompile(`<h2 id="([a-z-]+)">[^<]* <span class="count">([\d,]+)</span></h2>`)
