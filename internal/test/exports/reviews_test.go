package exports

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/review"
)

// reviews are the same by SQL: the draft of each quarter, and the pages. The draft keeps
// the metrics of its quarter.
func (p project) reviews(t *testing.T, counted, decisions, metrics map[string]number) {
	var quarters []string
	for name := range counted {
		if quarter, ok := strings.CutSuffix(name, " deployments"); ok {
			quarters = append(quarters, quarter)
		}
	}
	slices.Sort(quarters)

	drafted, numbers, wantNumbers := map[string]number{}, map[string]number{}, map[string]number{}
	for _, q := range quarters {
		draft := string(p.runs(t, nil, filepath.Join(bin, "deploysite"), "review", q))
		maps.Copy(drafted, prefixed(q, inDraft(t, draft)))
		kept, _ := review.NumbersIn([]byte(draft))
		for environment, of := range kept.Of {
			for metric, n := range of {
				if name := strings.ToLower(string(metric) + " |  | " + environment + " | " + q); metric != "lead_time_s" {
					numbers[name] = number{n.K, n.N, n.Value}
				}
			}
		}
	}
	for name, n := range metrics {
		of := strings.Split(name, " | ")
		if of[1] == "" && of[2] != "" && slices.Contains(quarters, of[3]) && (n.n == 0 || numbers[name].n > 0) { // not before the first record
			wantNumbers[name] = n
		}
	}
	t.Run("draft", func(t *testing.T) { compare(t, drafted, counted, 50) })
	t.Run("numbers", func(t *testing.T) { compare(t, numbers, wantNumbers, 20) })
	t.Run("pages", func(t *testing.T) {
		shown := p.reviewPages(t, quarters)
		want := maps.Clone(counted)
		maps.DeleteFunc(want, func(name string, _ number) bool { _, ok := shown[name]; return !ok })
		maps.Copy(want, decisions)
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

var (
	draftedFrom = regexp.MustCompile(`\nDrafted on [^\n]* from (\d+) deployments?\b`)
	more        = regexp.MustCompile(`(?m)^- and (\d+) more`)
	recovered   = regexp.MustCompile(`after (?:at most )?(?:(\d+) days|(?:(\d+) h )?(\d+) min)\.`)
	noRecovery  = regexp.MustCompile(`No recovery is on record|to recover[^.]* is unknown`)
	toRecord    = regexp.MustCompile(`\]\([^()]*/([^/()]+)-deployment\.md(#[^()]*)?\)`)
	saidAgain   = regexp.MustCompile(`^- (?:Lesson|Tip|Issue), in (\d+) records?: `)
	failedAgain = regexp.MustCompile(`^- Step .* failed again: in (\d+ of \d+) up to the end of the quarter\. `)
	inLedger    = regexp.MustCompile(`Lessons, tips and issues of this quarter: (\d+)\.`)
	fate        = regexp.MustCompile(`(?m)^- \*\*(Open|Came back|Accepted|Dismissed): (\d+)\.\*\*`)
	learned     = regexp.MustCompile(`(?m)^- \*\*Learned three times, and not in the checklist: (\d+)\.\*\*`)
	toAdd       = regexp.MustCompile("^- Add\\? Learned in (\\d+) records: .* behind the step in the checklist: `<!-- (\\S+) -->`")
	toSharpen   = regexp.MustCompile("^- Sharpen `")
	kOfN        = regexp.MustCompile(`\((\d+ of \d+)\)`)
)

// coverage is how a draft begins the line of what is not known.
var coverage = map[string]string{
	"no-outcome": "No outcome was found", "no-end": "No end was found",
	"no-environment": "No environment was found", "under-way": "Still under way",
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
		if m := regexp.MustCompile(words + `: (\d+) of (\d+)(?: with an outcome)?\.`).FindStringSubmatch(draft); m != nil {
			found[name] = number{whole(t, m[1]), whole(t, m[2]), nil}
		}
	}
	if found["no-end"].k == 0 { // no line says of how many
		found["no-end"] = number{0, n - found["no-outcome"].k - found["under-way"].k, nil}
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
		k := whole(t, m[2])
		found[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = whereAny(k)
		fates += k
	}
	if m := learned.FindStringSubmatch(draft); m != nil {
		found["learned"] = whereAny(whole(t, m[1]))
	}
	if add := suggested(t, draft, found); add != found["learned"].k+found["came-back"].k {
		t.Errorf("%d were learned, %d came back, and %d steps are to be added or made sharper", found["learned"].k, found["came-back"].k, add)
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

// signs are how a draft says why a step may be a ritual.
var signs = map[string]string{
	"never-failed": "these never failed", "skipped": "these were nearly always skipped",
	"at-once": "these were often marked within a minute with everything else",
}

// suggested adds what the draft says of steps, and returns how many it would add or
// make sharper.
func suggested(t *testing.T, draft string, found map[string]number) (add int) {
	items, rest := below(t, draft, "Steps to add, automate, drop")
	for _, item := range items {
		if m := toAdd.FindStringSubmatch(item); m != nil {
			found["add "+m[2]] = number{whole(t, m[1]), 0, nil}
			add++
		} else if toSharpen.MatchString(item) {
			add++
		}
		for sign, words := range signs {
			if !strings.Contains(item, " Up to the end of the quarter, "+words+": ") && !strings.Contains(item, " So far, "+words+": ") {
				continue
			}
			steps := kOfN.FindAllStringSubmatch(item, -1)
			for _, m := range steps {
				found[sign+" "+m[1]] = number{}
			}
			n := len(steps)
			if m := regexp.MustCompile(`; and (\d+) more\. `).FindStringSubmatch(item); m != nil {
				n += whole(t, m[1])
			}
			found[sign] = whereAny(n)
		}
	}
	return add + rest
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
	rowOfQuarter = regexp.MustCompile(`<tr><th scope="row" class="nowrap"><a href="[^"]*?([^"/]+)/(?:index\.html)?">.*?<td class="right">([\d,]+)</td><td class="right">(?:([\d,]+)|<span class="none">–</span>)</td><td class="right">(?:(\d+) of (\d+))?`)
	factOfPage   = regexp.MustCompile(`<h2>([^<]+) <span class="count">(\d+) of (\d+)</span></h2>`)
)

// facts are the headings of a page of a quarter.
var facts = map[string]string{
	"What failed": "failed", "Near misses: a step failed, yet it succeeded": "near-misses", "Without an outcome": "no-outcome",
	"With an outcome, without an end": "no-end", "Without an environment": "no-environment", "Still under way": "under-way",
}

// reviewPages are the numbers of the pages below reviews/.
func (p project) reviewPages(t *testing.T, quarters []string) map[string]number {
	out := p.site(t)
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
		failed := 0 // as SQL has it where nobody wrote how any of them ended, which the page shows as unknown
		if m[3] != "" {
			failed = whole(t, strings.ReplaceAll(m[3], ",", ""))
		}
		shown[m[1]+" failed"] = number{failed, n, nil}
		if m[4] != "" {
			shown[m[1]+" decisions"] = number{whole(t, m[4]), whole(t, m[5]), nil}
		}
	}
	if len(shown) < 2*len(quarters) {
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
		if none := shown[q+" no-end"]; none.k == 0 { // no heading says of how many
			shown[q+" no-end"] = number{0, none.n - shown[q+" no-outcome"].k - shown[q+" under-way"].k, nil}
		}
	}
	return shown
}
