package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// TestMain lets the test's own binary be the copy that measures.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == measureCommand {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestCommandIsMeasuredByItself(t *testing.T) {
	ballast := bytes.Repeat([]byte("memory of this process"), 16<<20)
	s, err := measure(exec.Command("go", "version"))
	if err != nil || s.Wall == 0 || s.CPU == 0 {
		t.Errorf("measured %v, %v", s, err)
	}
	if s.Memory > int64(len(ballast)) {
		t.Errorf("“go version” is said to need %d bytes", s.Memory)
	}
	_, err = measure(exec.Command("go", "no-such-command"))
	if err == nil || !strings.Contains(err.Error(), "unknown command") {
		t.Errorf("error is %v; want what the command says", err)
	}
}

// TestSetIsWhole holds the relevance set to what its README says.
func TestSetIsWhole(t *testing.T) {
	set := mustLoadSet(t)
	known := map[string]bool{}
	for _, file := range set.records {
		r := records.Parse(file.Name, file.Data, records.Options{})
		if len(r.Problems) > 0 || len(r.Notes) == 0 || known[r.ID] {
			t.Errorf("%s: %d notes, seen before: %v, problems %v", file.Name, len(r.Notes), known[r.ID], r.Problems)
		}
		known[r.ID] = true
	}
	asked, mistakes := map[string]int{}, map[string]int{}
	for _, q := range append(set.queries, set.control...) {
		mistakes[q.mistake]++
		asked[q.relevant[0]]++
		for _, id := range q.relevant {
			if !known[id] {
				t.Errorf("%s: there is no record %s", q.place, id)
			}
		}
		if words := len(strings.Fields(q.text)); words < 2 || words > 5 {
			t.Errorf("%s: %q has %d words", q.place, q.text, words)
		}
	}
	for id, n := range asked {
		if n > 2 {
			t.Errorf("record %s is asked for %d times", id, n)
		}
	}
	want := map[string]int{"": 157, "insertion": 40, "deletion": 39, "substitution": 39, "transposition": 39}
	if len(known) != 352 || fmt.Sprint(mistakes) != fmt.Sprint(want) {
		t.Errorf("%d records, queries %v; want 352, %v", len(known), mistakes, want)
	}
}

func TestJudgeCountsEveryAnswerThatComesBefore(t *testing.T) {
	queries := []query{
		{text: "a", relevant: []string{"1"}},
		{text: "b", relevant: []string{"1", "2"}},
		{text: "c", relevant: []string{"3"}, mistake: "deletion"},
		{text: "d", relevant: []string{"4"}, mistake: "deletion"},
	}
	got, err := judge(queries, [][]string{{"1"}, {"services/web/", "x", "2"}, {"a", "b", "c", "3"}, nil})
	if err != nil {
		t.Fatal(err)
	}
	want := judgement{clean: score{asked: 2, first: 1, three: 2}, mistyped: score{asked: 2}}
	if got != want {
		t.Errorf("judged %+v; want %+v", got, want)
	}
	if _, err := judge(queries, nil); err == nil {
		t.Error("a search that left queries out is judged")
	}
}

func TestBadQueriesAreNamed(t *testing.T) {
	_, err := parseQueries("q.tsv", "query\trelevant\terror\nwal\t2024-01-01-00-00\tnone\nlost\t\tnone\n")
	if err == nil || !strings.Contains(err.Error(), "q.tsv:3: ") {
		t.Errorf("error is %v; want one of line 3", err)
	}
}

// TestServerCountsWhatGoesOut compares the count with the bytes that a client
// sees: those of the gzipped file and the headers.
func TestServerCountsWhatGoesOut(t *testing.T) {
	dir := t.TempDir()
	content := bytes.Repeat([]byte("deployment "), 1000)
	if err := os.WriteFile(filepath.Join(dir, "shard.js"), content, 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := serve(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	request, _ := http.NewRequest("GET", s.url+"shard.js", nil)
	request.Header.Set("Accept-Encoding", "gzip") // so that the client leaves it packed
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	packed, _ := io.ReadAll(response.Body)
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatalf("%v: what came is not gzipped", err)
	}
	if got, _ := io.ReadAll(unpacked); !bytes.Equal(got, content) {
		t.Errorf("%d bytes came; want %d", len(got), len(content))
	}
	if headers := s.sent.Load() - int64(len(packed)); headers < 50 || headers > 500 {
		t.Errorf("%d bytes were counted besides the %d of the file", headers, len(packed))
	}
}

func TestTextsHoldEachWordOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "project")
	if err := generate.Project(dir, 3, generate.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	texts, err := textsOf(t.Context(), dir)
	if err != nil || len(texts) != 3 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	note := strings.SplitN(texts[0].Notes, "\n", 2)[0]
	if texts[0].Service == "" || texts[0].People == "" || !strings.Contains(texts[0].Steps, "Smoke tests") || note == "" {
		t.Errorf("something is missing in %+v", texts[0])
	}
	if strings.Contains(texts[0].Body, note) {
		t.Errorf("the note %q is in the body as well", note)
	}
}

func TestQueriesAreTheSameEachTime(t *testing.T) {
	texts := []text{
		{Service: "checkout", People: "Ada Park", Notes: "The token signer rejected the certificate\n"},
		{Service: "billing", People: "Zoë Vandenberghe", Notes: "A retry had no upper bound\n"},
		{Notes: "too few\n"},
	}
	queries := queriesFor(texts, 20, 1)
	if !slices.Equal(queries, queriesFor(texts, 20, 1)) || slices.Equal(queries, queriesFor(texts, 20, 2)) {
		t.Errorf("the seed does not decide: %q", queries)
	}
	for _, q := range queries {
		if n := len(strings.Fields(q)); n < 2 || n > 3 {
			t.Errorf("%q has %d words", q, n)
		}
	}
}

func TestKeystrokesEndWithTheWholeQuery(t *testing.T) {
	if got := keystrokes("zoë tls"); !slices.Equal(got, []string{"zo", "zoë", "zoë t", "zoë tl", "zoë tls"}) {
		t.Errorf("keystrokes are %q", got)
	}
}

func TestTablesLeaveOutWhatIsUnknown(t *testing.T) {
	c := costs{
		without: sample{time.Second, time.Second, 100e6},
		with:    sample{3 * time.Second, 4 * time.Second, 130e6},
		engines: map[string]cost{
			"deploysite": {build: sample{2 * time.Second, 3 * time.Second, 30e6}, fromDisk: true},
			"pagefind":   {build: sample{Wall: 20 * time.Second, CPU: 30 * time.Second}},
		},
	}
	got := c.String()
	for _, row := range []string{
		"| building the index, time | 2.00 s | 20.00 s |  |\n",
		"| building the index, CPU time | 3.00 s | 30.00 s |  |\n",
		"| building the index, peak memory | 30.0 MB | unknown |  |\n",
		"| from `file://` | yes | no |  |\n",
		"\nThe site: 1.00 s (CPU 1.00 s, 100.0 MB) without its index, 3.00 s (CPU 4.00 s, 130.0 MB) with it.\n",
	} {
		if !strings.Contains(got, row) {
			t.Errorf("there is no row %s in\n%s", row, got)
		}
	}
	relevance := relevanceTable(map[string]judgement{"pagefind": {clean: score{200, 100, 150}}})
	if want := "| pagefind | 50.0 % | 75.0 % | unknown | unknown |\n"; !strings.HasSuffix(relevance, want) || strings.Contains(relevance, "minisearch") {
		t.Errorf("table is\n%s", relevance)
	}
}

func TestFlagsAreChecked(t *testing.T) {
	for _, args := range []string{"-n -1", "-n 99999999", "-runs 0", "extra"} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

func mustLoadSet(t *testing.T) relevanceSet {
	t.Helper()
	set, err := loadSet()
	if err != nil {
		t.Fatal(err)
	}
	return set
}
