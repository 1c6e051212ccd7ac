package exports

import (
	_ "embed"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/review"
)

//go:embed reviews.sql
var reviewsSQL string

// reviews are the same by SQL: the draft of each quarter, and the pages.
func (p project) reviews(t *testing.T) {
	same, _ := json.Marshal(p.sameNotes(t))
	counted, wantNumbers := map[string]number{}, map[string]number{}
	for _, row := range p.asks(t, metricsSQL+reviewsSQL, "now="+now.Format(time.RFC3339), "keys="+p.formerKeys(t), "same="+string(same)) {
		n := number{whole(t, row[4]), whole(t, row[5]), real(t, row[6])}
		switch {
		case row[0] == "review":
			counted[row[3]+" "+row[1]] = n
		case row[1] == "" && row[2] != "" && strings.Contains(row[3], "-q"): // a total
			wantNumbers[strings.Join([]string{row[3], row[2], row[0]}, " ")] = n
		}
	}
	var quarters []string
	for name := range counted {
		if quarter, ok := strings.CutSuffix(name, " deployments"); ok {
			quarters = append(quarters, quarter)
		}
	}
	slices.Sort(quarters)

	drafted, numbers := map[string]number{}, map[string]number{}
	for _, q := range quarters {
		draft := string(p.runs(t, nil, filepath.Join(bin, "deploysite"), "review", q))
		maps.Copy(drafted, prefixed(q, inDraft(t, draft)))
		kept, _ := review.NumbersIn([]byte(draft))
		for environment, of := range kept.Of {
			for metric, n := range of {
				if metric != "lead_time_s" {
					numbers[strings.ToLower(strings.Join([]string{q, environment, string(metric)}, " "))] = number{n.K, n.N, n.Value}
				}
			}
		}
	}
	t.Run("draft", func(t *testing.T) { compare(t, drafted, counted, 50) })
	t.Run("numbers", func(t *testing.T) {
		maps.DeleteFunc(wantNumbers, func(name string, _ number) bool { return numbers[name].n == 0 }) // before the first record
		compare(t, numbers, wantNumbers, 20)
	})
	t.Run("pages", func(t *testing.T) {
		shown := p.reviewPages(t, quarters)
		want := maps.Clone(counted)
		maps.DeleteFunc(want, func(name string, _ number) bool { _, ok := shown[name]; return !ok })
		compare(t, shown, want, 2*len(quarters))
	})
}

func prefixed(quarter string, of map[string]number) map[string]number {
	all := map[string]number{}
	for name, n := range of {
		all[quarter+" "+name] = n
	}
	return all
}

// formerKeys are today's keys of steps by former ones, as JSON.
func (p project) formerKeys(t *testing.T) string {
	var said struct {
		Steps []struct {
			Key    string
			Former []string
		}
	}
	p.deploysite(t, &said, "steps", "--json")
	today := map[string]string{}
	for _, s := range said.Steps {
		for _, key := range s.Former {
			today[key] = s.Key
		}
	}
	keys, _ := json.Marshal(today)
	return string(keys)
}

var (
	comment = regexp.MustCompile(`(?s)<!--.*?-->`)
	sameAs  = regexp.MustCompile(`<!-- same: (\S+#\S+) -->`)
	sameTwo = regexp.MustCompile(`<!-- same: (\S+#\S+) (\S+#\S+) -->`)
)

// A pair is two notes of which a comment says that they are the same. The first may be
// the one that the comment stands behind, told by its last words.
type pair struct{ A, Record, Words, B string }

func (p project) sameNotes(t *testing.T) []pair {
	all := []pair{}
	err := fs.WalkDir(os.DirFS(p.dir), ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".md") {
			return err
		}
		source, err := os.ReadFile(filepath.Join(p.dir, file))
		record := strings.TrimSuffix(filepath.Base(file), "-deployment.md")
		for line := range strings.Lines(string(source)) {
			words := strings.Fields(comment.ReplaceAllString(line, " "))
			for _, m := range sameTwo.FindAllStringSubmatch(line, -1) {
				all = append(all, pair{A: m[1], B: m[2]})
			}
			for _, m := range sameAs.FindAllStringSubmatch(line, -1) {
				all = append(all, pair{Record: record, Words: strings.Join(words[max(0, len(words)-3):], " "), B: m[1]})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	draftedFrom = regexp.MustCompile(`\nDrafted on [^\n]* from (\d+) deployments?\b`)
	more        = regexp.MustCompile(`(?m)^- and (\d+) more`)
	recovered   = regexp.MustCompile(`after (?:at most )?(?:(\d+) days|(?:(\d+) h )?(\d+) min)\.`)
	noRecovery  = regexp.MustCompile(`No recovery is on record|to recover[^.]* is unknown`)
	toRecord    = regexp.MustCompile(`\]\([^()]*/([^/()]+)-deployment\.md(#[^()]*)?\)`)
	saidAgain   = regexp.MustCompile(`^- (?:Lesson|Tip|Issue), in (\d+) records?: `)
	failedAgain = regexp.MustCompile(`^- Step .* failed again: in (\d+ of \d+) up to the end of the quarter\. `)
	inLedger    = regexp.MustCompile(`Lessons, tips and issues of this quarter: (\d+)\.`)
	fate        = regexp.MustCompile(`(?m)^- \*\*(?:Open|Came back|Accepted|Dismissed): (\d+)\.\*\*`)
)

// coverage is how a draft begins the line of what is not known.
var coverage = map[string]string{
	"no-outcome": "Nobody wrote how it ended", "no-end": "Nobody wrote when it ended",
	"no-environment": "Nobody wrote to which environment it went", "under-way": "Still under way",
}

// inDraft are the numbers of a draft, by what they count.
func inDraft(t *testing.T, draft string) map[string]number {
	n := 0
	if m := draftedFrom.FindStringSubmatch(draft); m != nil {
		n = whole(t, m[1])
	}
	found := map[string]number{"deployments": {n, n, nil}}
	for name, words := range coverage {
		found[name] = number{0, n, nil}
		if m := regexp.MustCompile(words + `: (\d+) of (\d+)\.`).FindStringSubmatch(draft); m != nil {
			found[name] = number{whole(t, m[1]), whole(t, m[2]), nil}
		}
	}
	items, rest := below(t, draft, "What failed")
	found["failed"] = number{len(items) + rest, n, nil}
	for _, item := range items {
		name := "recovery of " + toRecord.FindStringSubmatch(item)[1]
		if m := recovered.FindStringSubmatch(item); m != nil {
			part := func(i, seconds int) float64 { many, _ := strconv.Atoi(m[i]); return float64(many * seconds) }
			found[name] = number{value: new(part(1, 24*60*60) + part(2, 60*60) + part(3, 60))}
		} else if noRecovery.MatchString(item) {
			found[name] = number{}
		}
	}
	items, rest = below(t, draft, "Near misses")
	found["near-misses"] = number{len(items) + rest, n, nil}
	items, rest = below(t, draft, "What went well")
	found["well"] = whereAny(len(items) + rest)

	again, stumbled := 0, 0
	_, said, _ := strings.Cut(draft, "\n## What came again\n")
	said, _, _ = strings.Cut(said, "\n## ")
	for line := range strings.Lines(said) {
		if m := saidAgain.FindStringSubmatch(line); m != nil {
			again++
			links := toRecord.FindAllStringSubmatch(line[len(m[0]):], -1)
			records := len(links)
			if more := regexp.MustCompile(`; and (\d+) more$`).FindStringSubmatch(strings.TrimSpace(line)); more != nil {
				records += whole(t, more[1])
			}
			if records != whole(t, m[1]) {
				t.Errorf("it links to %d records: %s", records, line)
			}
			found["again "+links[0][1]+links[0][2]] = number{whole(t, m[1]), 0, nil}
		} else if m := failedAgain.FindStringSubmatch(line); m != nil {
			stumbled++
			found["stumbled in "+toRecord.FindStringSubmatch(line[len(m[0]):])[1]+": "+m[1]] = number{}
		} else if m := regexp.MustCompile("^- and (\\d+) more \\(`deploysite (\\w+)`").FindStringSubmatch(line); m != nil && m[2] == "lessons" {
			again += whole(t, m[1])
		} else if m != nil {
			stumbled += whole(t, m[1])
		}
	}
	found["again"], found["stumbled"] = whereAny(again), whereAny(stumbled)
	all, fates := 0, 0
	if m := inLedger.FindStringSubmatch(draft); m != nil {
		all = whole(t, m[1])
	}
	for _, m := range fate.FindAllStringSubmatch(draft, -1) {
		fates += whole(t, m[1])
	}
	if all != fates {
		t.Errorf("of %d notes %d have a fate", all, fates)
	}
	found["notes"] = whereAny(all)
	for _, name := range []string{"notes", "again", "stumbled", "well"} {
		if found[name].n == 0 {
			delete(found, name) // SQL has no line of it
		}
	}
	return found
}

func whereAny(k int) number { return number{k, k, nil} }

// below are the items of a list below a heading, and how many more it says there are.
func below(t *testing.T, draft, title string) (items []string, rest int) {
	t.Helper()
	_, said, ok := strings.Cut(draft, "\n## "+title+"\n")
	if !ok {
		t.Fatalf("the draft has no %q", title)
	}
	said, _, _ = strings.Cut(said, "\n## ")
	for line := range strings.Lines(said) {
		if m := more.FindStringSubmatch(line); m != nil {
			rest = whole(t, m[1])
		} else if strings.HasPrefix(line, "- ") {
			items = append(items, line)
		}
	}
	return items, rest
}

var (
	rowOfQuarter = regexp.MustCompile(`<tr><th scope="row" class="nowrap"><a href="[^"]*?([^"/]+)/(?:index\.html)?">.*?<td class="right">([\d,]+)</td><td class="right">([\d,]+)</td>`)
	factOfPage   = regexp.MustCompile(`<h2>([^<]+) <span class="count">(\d+) of (\d+)</span></h2>`)
)

// facts are the headings of a page of a quarter.
var facts = map[string]string{
	"What failed": "failed", "Near misses: a step failed, yet it succeeded": "near-misses", "Without an outcome": "no-outcome",
	"Without an end": "no-end", "Without an environment": "no-environment", "Still under way": "under-way",
}

// reviewPages are the numbers of the pages below reviews/.
func (p project) reviewPages(t *testing.T, quarters []string) map[string]number {
	out := t.TempDir()
	p.runs(t, nil, filepath.Join(bin, "deploysite"), "build", "--output", out)
	page := func(name string) string {
		html, err := os.ReadFile(filepath.Join(out, "reviews", name, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		return string(html)
	}
	shown := map[string]number{}
	for _, m := range rowOfQuarter.FindAllStringSubmatch(page(""), -1) {
		n := whole(t, strings.ReplaceAll(m[2], ",", ""))
		shown[m[1]+" deployments"] = number{n, n, nil}
		shown[m[1]+" failed"] = number{whole(t, strings.ReplaceAll(m[3], ",", "")), n, nil}
	}
	if len(shown) != 2*len(quarters) {
		t.Errorf("the page has %d numbers, and there are %d quarters", len(shown), len(quarters))
	}
	for _, q := range quarters {
		html := page(q)
		if !strings.Contains(html, `<p class="lead">`) { // people wrote this one
			continue
		}
		for _, name := range facts {
			shown[q+" "+name] = number{0, shown[q+" deployments"].n, nil}
		}
		for _, m := range factOfPage.FindAllStringSubmatch(html, -1) {
			shown[q+" "+facts[m[1]]] = number{whole(t, m[2]), whole(t, m[3]), nil}
		}
	}
	return shown
}
