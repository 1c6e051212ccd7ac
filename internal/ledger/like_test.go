package ledger

import (
	"fmt"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/labelled"
)

// noted are lessons, each in a record of its own.
func noted(texts ...string) (all []Mention) {
	for i, s := range texts {
		r := &records.Record{ID: fmt.Sprint(i)}
		for _, name := range labelled.Services {
			r.Services = append(r.Services, records.Text{Value: name})
		}
		all = append(all, Mention{r, &records.Note{Kind: records.Lessons, ID: "lesson-x", Text: s}})
	}
	return all
}

// TestLabelled proposes pairs in a history of all labelled notes.
func TestLabelled(t *testing.T) {
	pairs, err := labelled.NotePairs()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, p := range pairs {
		texts = append(texts, p.A, p.B)
	}
	mentions := noted(texts...)
	proposed := map[[2]string]bool{}
	for _, p := range alike(mentions, normals(mentions)) {
		a, b := Normal(mentions[p.A].Note.Text), Normal(mentions[p.B].Note.Text)
		proposed[[2]string{a, b}], proposed[[2]string{b, a}] = true, true
	}
	public := 0
	for _, half := range labelled.Halves {
		same, right, wrong, opposite := 0, 0, 0, 0
		for _, p := range pairs {
			if p.Half != half {
				continue
			}
			found := proposed[[2]string{Normal(p.A), Normal(p.B)}] || Normal(p.A) == Normal(p.B)
			if p.Source != "" {
				public++
			}
			switch {
			case p.Kind == "same":
				same++
				if found {
					right++
				}
			case found:
				wrong++
				if p.Kind == "opposite" {
					opposite++
				}
			}
			if found != (p.Kind == "same") && half == "tuned" {
				t.Logf("%s (%s), proposed %v:\n\t%s\n\t%s", p.Name, p.Kind, found, p.A, p.B)
			}
		}
		precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(same)
		t.Logf("%s: precision %.3f (%d of %d), recall %.3f (%d of %d), opposite pairs %d", half, precision, right, right+wrong, recall, right, same, opposite)
		if precision < 0.9 || recall < 0.7 || opposite > 0 {
			t.Errorf("%s: want a precision of 0.9, a recall of 0.7, and no opposite pair", half)
		}
	}
	t.Logf("%d pairs, %d of them after public postmortems, %d proposals in all", len(pairs), public, len(proposed)/2)
	if len(pairs) < 200 || public < 60 {
		t.Errorf("want at least 200 pairs, 60 of them after public postmortems")
	}
}

// What differs in the letter of a name alone is about two things, as with its number.
func TestNamesWithALetter(t *testing.T) {
	proposals := func(a, b string) int {
		both := Mentions([]Marked{{Record: parsed("2026-07-02-10-00", "", tips+"- "+a+"\n")}, {Record: parsed("2026-07-01-10-00", "", tips+"- "+b+"\n")}})
		return len(alike(both, normals(both)))
	}
	const text = "Check the logs of the importer on node-%s before the second migration"
	of := func(node string) string { return strings.ReplaceAll(text, "%s", node) }
	if proposals(of("a"), of("a")+" begins") != 1 {
		t.Error("of one node nothing is proposed")
	}
	for _, other := range []string{"b", "B", "1"} {
		if proposals(of("a"), of(other)) != 0 {
			t.Errorf("node-a and node-%s are taken for one", other)
		}
	}
}
