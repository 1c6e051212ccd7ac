package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/recall"
)

// history makes records of texts. Each line of a text is one of the record's:
// "# title", "issue: …", "failed: …", "service: …" and the like, or else of the
// body.
func history(b *Builder, texts ...string) (all []Record) {
	zoneOf := map[string]Zone{"issue": Issue, "lesson": Lesson, "tip": Tip, "well": Well, "failed": FailedStep}
	for i, text := range texts {
		r := Record{ID: fmt.Sprintf("r%d", i), Title: "untitled", URL: fmt.Sprintf("records/r%d/index.html", i),
			Day: 20_000 + i, Date: "2024-10-04T00:00:00Z", Text: &Text{}}
		r.Text.Begin(Body, "")
		r.Set(facet.Status, "succeeded")
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			name, value, _ := strings.Cut(line, ": ")
			switch {
			case strings.HasPrefix(line, "# "):
				r.Title = line[2:]
			case name == "status":
				r.Set(facet.Status, value)
			case facet.Named(name) != nil:
				f := facet.Named(name)
				r.Set(f, append(r.of(f), value)...)
			case name == "version":
				r.Names = append(r.Names, value)
			case zoneOf[name] != Body:
				r.Text.Begin(zoneOf[name], fmt.Sprintf("%s-%d", name, len(r.Text.blocks)))
				b.Add(r.Text, []byte(value))
			case line != "":
				b.Add(r.Text, []byte(line))
			}
		}
		all = append(all, r)
	}
	return all
}

// indexOf builds an index of texts.
func indexOf(t testing.TB, texts ...string) *Index {
	t.Helper()
	b := NewBuilder(Options{Stemming: true})
	records := history(b, texts...)
	ix, err := b.Build(records, []Page{{Kind: "service", Title: "checkout", URL: "services/checkout/index.html"}}).Open()
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// ids are the records that a query finds, in order; a page by its kind.
func ids(t testing.TB, ix *Index, query string) string {
	t.Helper()
	r, err := ix.Search(t.Context(), Query{Text: query, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range r.Results {
		if one.ID == "" {
			one.ID = string(one.Kind)
		}
		all = append(all, one.ID)
	}
	if r.Total != len(all) {
		t.Errorf("%q: a total of %d for %d results", query, r.Total, len(all))
	}
	return strings.Join(all, " ")
}

func TestSearch(t *testing.T) {
	ix := indexOf(t,
		"# checkout v1.4.2 to production\nservice: checkout\nby: Håkan Lindqvist\nstatus: failed\nenvironment: production\nversion: v1.4.2\nissue: The certificate of the proxy had expired\ntag: tls",
		"# accounts v2 to staging\nservice: accounts\nby: Ada Park\nenvironment: staging\nlesson: Renew certificates a month ahead, and look at SESSION_STORE_URL\ntag: Late Night",
		"# checkout v1.5.0 to production\nservice: checkout\nby: Ada Park\nenvironment: production\nWe deployed without a lock timeout.\ntip: set a lock_timeout",
		"# reports\nThe timeout of a lock is not the lock timeout that we know.\nfailed: Migration: canceling statement",
		"# nothing of note\n李晓梅が確認した",
	)
	for query, want := range map[string]string{
		"certificate":                     "r0 r1", // the plain word before its plural
		"certificates":                    "r1 r0",
		"renewal":                         "r1",
		"hakansson lindqvist":             "r0",
		"HÅKAN":                           "r0",
		"deployment":                      "r2",
		"v1.4.2":                          "r0",
		"1.5.0":                           "r2",
		"session store":                   "r1",
		"session_store":                   "r1",
		"sessionStoreUrl":                 "r1",
		"canceling":                       "r3",
		"晓梅":                              "r4",
		`"lock timeout"`:                  "r2 r3",
		`"timeout lock"`:                  "",
		`"the lock timeout that we know"`: "r3",
		`lock -migration`:                 "r2",
		"certificate -renwe":              "r0 r1", // without a word that nothing has
		`lock -"timeout of"`:              "r2",
		"service:checkout":                "r2 r0",
		"service:check":                   "r2 r0",
		"-service:checkout":               "r4 r3 r1",
		"by:ada service:checkout":         "r2",
		"by:lindqvist":                    "r0",
		"deployer:\"Ada Park\"":           "r2 r1",
		"status:failed":                   "r0",
		"env:prod":                        "r2 r0",
		"tag:late":                        "r1",
		"has:issue":                       "r0",
		"has:lessons":                     "r1",
		"has:failed":                      "r3",
		"kind:tip timeout":                "r2",
		"kind:service":                    "",
		"kind:service checkout":           "service",
		"certificate kind:lesson":         "r1",
		"after:2024-10-07":                "r4 r3", // day 20,000, that of r0, is 4 October 2024
		"before:2024-10-05":               "r0",
		"after:2024-10-05 before:2024-10-07 lock": "r2",
		"year:2024 certificate":                   "r0 r1",
		"status:nonsense":                         "",
		"certifcate":                              "r0 r1", // a letter is missing,
		"cretificate":                             "r0 r1", // two are swapped,
		"xertificate":                             "r0 r1", // the first is wrong
		"certif":                                  "r0 r1", // not all is typed yet
		"migraton ":                               "r3",
		"nowhere":                                 "",
		"nowhere certificate":                     "r0 r1",
		"":                                        "",
		"   ":                                     "",
		"-":                                       "",
		`"`:                                       "",
	} {
		if got := ids(t, ix, query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestTheServiceItselfComesFirst(t *testing.T) {
	ix := indexOf(t, "# a record\nservice: checkout", "# another\ncheckout is slow")
	if got := ids(t, ix, "checkout"); got != "service r0 r1" {
		t.Error(got)
	}
}

// TestMoreOfTheQueryIsBetter also shows that a rare word outweighs a common one.
func TestMoreOfTheQueryIsBetter(t *testing.T) {
	ix := indexOf(t, "alpha beta gamma", "alpha beta", "alpha", "beta alpha delta", "alpha epsilon", "alpha zeta")
	if got := ids(t, ix, "gamma beta alpha"); got != "r0" {
		t.Errorf("all three words: %s", got)
	}
	if got := ids(t, ix, "alpha beta"); !strings.HasPrefix(got, "r3 r1 r0") {
		t.Errorf("two words: %s", got)
	}
	if got := ids(t, ix, "alpha epsilon "); got != "r4" {
		t.Errorf("a common and a rare word: %s", got)
	}
}

func TestOfEqualResultsTheNewestComesFirst(t *testing.T) {
	if got := ids(t, indexOf(t, "same words", "same words", "same words"), "words"); got != "r2 r1 r0" {
		t.Error(got)
	}
}

// TestTemplateTextWeighsNothing has twenty records with one checklist. Who asks
// for a step finds the record that tells of it, and the others behind.
func TestTemplateTextWeighsNothing(t *testing.T) {
	texts := make([]string, 20)
	for i := range texts {
		texts[i] = "Smoke tests: log in and buy\nBackup: taken"
	}
	texts[7] += "\nissue: the smoke tests were red"
	texts[3] = "Backup: taken\nfailed: Smoke tests: log in and buy"
	ix := indexOf(t, texts...)
	got := strings.Fields(ids(t, ix, "smoke tests"))
	if len(got) != 20 || got[0] != "r7" || got[1] != "r3" {
		t.Errorf("found %v", got)
	}
	if got := ids(t, ix, `"smoke tests were"`); got != "r7" {
		t.Errorf("a phrase: %s", got)
	}
	if got := strings.Fields(ids(t, ix, `"tests log in"`)); len(got) != 20 {
		t.Errorf("a phrase of the template is in %v", got)
	}
	r, err := ix.Search(t.Context(), Query{Text: "backup"})
	if err != nil || r.Results[0].Excerpt.String() != "Backup: taken" {
		t.Errorf("the excerpt is %q, %v", r.Results[0].Excerpt.String(), err)
	}
}

func TestResultsTellTheirNotes(t *testing.T) {
	ix := indexOf(t, "# title\nthe body\nissue: Lock timeout on the scores table\nlesson: mind every lock\ntip: something else")
	r, err := ix.Search(t.Context(), Query{Text: "lock timeout"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Note{
		{KindIssue, "records/r0/index.html#issue-1", []Part{{"Lock", true}, {" ", false}, {"timeout", true}, {" on the scores table", false}}},
		{KindLesson, "records/r0/index.html#lesson-2", []Part{{"mind every ", false}, {"lock", true}}},
	}
	if diff := cmp.Diff(want, r.Results[0].Notes); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	r, err = ix.Search(t.Context(), Query{Text: "lock kind:lesson"})
	if err != nil || r.Results[0].Kind != KindLesson || r.Results[0].URL != want[1].URL || len(r.Results[0].Notes) != 0 {
		t.Errorf("with kind:lesson: %+v, %v", r.Results[0], err)
	}
}

func TestExcerptsAreCutAroundTheWords(t *testing.T) {
	long := strings.Repeat("blah ", 100) + "needle in a 😀 haystack " + strings.Repeat("blub ", 100)
	r, err := indexOf(t, long).Search(t.Context(), Query{Text: "needle haystack"})
	if err != nil {
		t.Fatal(err)
	}
	text := r.Results[0].Excerpt.String()
	if len([]rune(text)) > window+30 || !strings.HasPrefix(text, "… blah") || !strings.HasSuffix(text, "…") || !strings.Contains(text, "needle in a 😀 haystack") {
		t.Errorf("excerpt %q", text)
	}
}

func TestHintsSayWhatWasNotUnderstood(t *testing.T) {
	ix := indexOf(t, "word\nservice: a")
	for query, want := range map[string]string{
		"colour:red word":           "There is no filter “colour:”; it is searched as text.",
		"http://example.com word":   "",
		"service:z":                 "No deployment has the service “z”.\n“service:” knows a.",
		"by:z":                      "No deployment has the deployer “z”.",
		"before:yesterday":          "“yesterday” is no date; write 2024, 2024-08 or 2024-08-31.",
		"kind:bug":                  "“kind:” knows record, issue, lesson, ",
		"has:fun":                   "“has:” knows issue, lesson, tip, well, failed.",
		"wurd zyxwvut":              "“zyxwvut” is in no record.",
		strings.Repeat("a ", 20):    "Only the first 16 words are searched.",
		strings.Repeat("word", 101): "The query is longer than 400 characters; the rest is left out.",
	} {
		r, err := ix.Search(t.Context(), Query{Text: query})
		if got := strings.Join(r.Hints, "\n"); err != nil || !strings.Contains(got, want) || want == "" && strings.Contains(got, "filter") {
			t.Errorf("%s: %q, %v; want %q", query, got, err, want)
		}
	}
	r, _ := ix.Search(t.Context(), Query{Text: "wurd service:a"})
	if r.Corrected != "word service:a" {
		t.Errorf("corrected to %q", r.Corrected)
	}
}

func TestSimilar(t *testing.T) {
	ix := indexOf(t,
		"# one\nissue: ERROR: canceling statement due to lock timeout\nissue: unrelated. Fixed by waiting.",
		"# two\n{\"level\":\"fatal\",\"time\":\"2025-07-01T18:41:20Z\",\"msg\":\"config: SESSION_STORE_URL is required\"}",
		"# three\nfailed: dial tcp 10.0.0.7:5432: connect: connection refused. Resolution: open port 5432",
		"# four\nall is well here")
	for _, test := range []struct {
		text, want string
		least      float64
	}{
		{"2026-02-01T09:00:20.123Z ERROR: canceling statement due to lock timeout (pid 4711)", "r0 records/r0/index.html#issue-1 ", 0.85},
		{"dial tcp 192.168.4.1:6379: connect: connection refused", "r2 records/r2/index.html#failed-1 open port 5432", 0.5},
		{"{\"level\":\"fatal\",\"time\":\"2026-03-03T03:03:03Z\",\"msg\":\"config: CACHE_URL is required\"}\ngoroutine 1 [running]", "r1 records/r1/index.html ", 0.45},
		{"unrelated", "r0 records/r0/index.html#issue-2 waiting.", 0.35},
		{"4711 0xdeadbeef 12:00", "", 0},
		{"completely different", "", 0},
	} {
		seen, err := ix.Similar(t.Context(), recall.Of(test.text), 1)
		if err != nil {
			t.Fatal(err)
		}
		got, likeness := "", 0.0
		for _, r := range seen {
			got, likeness = fmt.Sprintf("%s %s %s", r.ID, r.URL, *r.Resolution), r.Likeness
		}
		if got != test.want || likeness < test.least || likeness > 1 {
			t.Errorf("%s: %q, %.2f alike, want %q, %.2f alike", test.text, got, likeness, test.want, test.least)
		}
	}
}

// TestBuildsAreTheSame builds one history twice, the texts of the second added
// by many at once and in another order.
func TestBuildsAreTheSame(t *testing.T) {
	const n = 300
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("# record %d\nstep one\nstep two\nissue: trouble number %d with part%d\nby: Person %d\ntag: t%d", i, i*7919%1000, i%13, i%7, i%5)
	}
	first := NewBuilder(Options{})
	want := contents(first.Build(history(first, texts...), nil))

	second := NewBuilder(Options{})
	records := make([]Record, n)
	var group sync.WaitGroup
	for i := n - 1; i >= 0; i-- {
		group.Go(func() {
			records[i] = history(second, texts[i])[0]
			records[i].ID, records[i].URL, records[i].Day = fmt.Sprintf("r%d", i), fmt.Sprintf("records/r%d/index.html", i), 20_000+i
		})
	}
	group.Wait()
	got := contents(second.Build(records, nil))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Fatal(diff)
	}
	for path := range want {
		if want[path] != got[path] {
			t.Errorf("%s differs", path)
		}
	}
}

func contents(o *Output) map[string]string {
	all := map[string]string{}
	for _, f := range o.Files {
		all[f.Path] = string(f.Data())
	}
	return all
}

// TestOneMoreRecordLeavesMostFilesAlone is what lets browsers keep theirs.
func TestOneMoreRecordLeavesMostFilesAlone(t *testing.T) {
	texts := make([]string, 400)
	for i := range texts {
		texts[i] = fmt.Sprintf("# record %d\nsomething happened to widget%d and gadget%d\nissue: no more thing%d", i, i*31%977, i*17%641, i)
	}
	before := NewBuilder(Options{})
	old := contents(before.Build(history(before, texts[:399]...), nil))
	after := NewBuilder(Options{})
	kept, all := 0, contents(after.Build(history(after, texts...), nil))
	for path := range all {
		if old[path] != "" {
			kept++
		}
	}
	if kept < len(all)/2 {
		t.Errorf("%d of %d files are as they were", kept, len(all))
	}
}

func TestHostileRecords(t *testing.T) {
	var tags strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&tags, "tag: tag%d\n", i)
	}
	var words strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&words, "word%dx ", i)
	}
	ix := indexOf(t,
		"# </script><script>alert(1)</script>\nservice: <img src=x onerror=alert(1)>\nissue: \u202egnp.exe \x1b[31m \u2028 \"quoted\\",
		tags.String(), words.String(), strings.Repeat("x", 1<<20), strings.Repeat("-_.", 10_000), "invalid \xff\xfe bytes",
		strings.Repeat("a_", 10_000)+"a")
	for query, want := range map[string]string{
		"alert": "r0", "tag:tag9999": "r1", "word49999x ": "r2", strings.Repeat("x", 70): "r3", "invalid bytes": "r5", "quoted": "r0",
		`service:"<img"`: "r0", strings.Repeat(`"`, 300): "", strings.Repeat("-", 300): "", strings.Repeat("a:", 200): "",
	} {
		if got := ids(t, ix, query); got != want {
			t.Errorf("%.40s: %q, want %q", query, got, want)
		}
	}
	r, err := ix.Search(t.Context(), Query{Text: "quoted"})
	if err != nil {
		t.Fatal(err)
	}
	if text := r.Results[0].Notes[0].Excerpt.String(); strings.ContainsAny(text, "\u202e\x1b") || !strings.Contains(text, "[U+202E]") {
		t.Errorf("the excerpt is %q", text)
	}
}

func TestCancelledSearchEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := indexOf(t, "word").Search(ctx, Query{Text: "word"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestMissingAndDamagedFilesAreNamed(t *testing.T) {
	b := NewBuilder(Options{})
	o := b.Build(history(b, "some word"), nil)
	files := contents(o)
	for path := range files {
		for _, data := range []string{"", "deploysiteShard(", "deploysiteShard(\"x\",[1,2])", "deploysiteShard(\"x\",[\"~~~~\",\"~~~\",\"}}}}\",\"\"])", "deploysiteShard(\"x\",{\"v\":1})"} {
			ix, err := Open(func(p string) ([]byte, error) {
				if p == path {
					if data == "" {
						return nil, os.ErrNotExist
					}
					return []byte(data), nil
				}
				return []byte(files[p]), nil
			}, o.Manifest)
			if err == nil {
				_, err = ix.Search(t.Context(), Query{Text: `word sxme "some word" has:issue by:x`})
			}
			if err != nil && !strings.Contains(err.Error(), path) && !strings.Contains(err.Error(), "another version") {
				t.Errorf("%s as %q: %v does not name it", path, data, err)
			}
		}
	}
}

// FuzzSearch builds an index of two texts: each must be found by every word of
// it alone, and by all of them as a phrase, and any query must be answered.
func FuzzSearch(f *testing.F) {
	f.Add("the lock timeout", "SESSION_STORE_URL v1.4.2", "lock -store service:x")
	f.Add("a-b c.d", "李晓梅 ½", "\"a b\" 李")
	f.Fuzz(func(t *testing.T, one, two, query string) {
		if len(one)+len(two) > 500 || strings.ContainsAny(one+two, "\n\r") {
			return
		}
		b := NewBuilder(Options{Stemming: true})
		records := make([]Record, 2)
		for i, text := range []string{one, two} {
			records[i] = Record{ID: fmt.Sprint(i), Text: &Text{}}
			records[i].Text.Begin(Body, "")
			b.Add(records[i].Text, []byte(text))
		}
		text := [2]string{shown([]byte(one)), shown([]byte(two))}
		ix, err := b.Build(records, nil).Open()
		if err != nil {
			t.Fatal(err)
		}
		for i := range records {
			eachWord(text[i], func(w word) {
				list, err := ix.exact(w.terms[0])
				if err != nil || !slices.ContainsFunc(list, func(p posting) bool { return int(p.document) == i }) {
					t.Fatalf("%q is not found in %q: %v", w.terms[0], text[i], err)
				}
			})
			var phrase queryPhrase
			eachWord(text[i], func(w word) { phrase.terms = append(phrase.terms, w.terms[0]) })
			if len(phrase.terms) > 0 {
				if g, err := ix.phrase(phrase); err != nil || g.found[i] == notFound {
					t.Fatalf("%q as a phrase is not found: %v", text[i], err)
				}
			}
		}
		if _, err := ix.Search(t.Context(), Query{Text: query}); err != nil {
			t.Fatal(err)
		}
		if _, err := ix.Similar(t.Context(), recall.Of(query), 0); err != nil {
			t.Fatal(err)
		}
	})
}
