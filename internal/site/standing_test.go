package site

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// published is what the test reads of records.json.
type published struct{ Records []walked }

type walked struct {
	URL, Status, Date string
	Finished, Version *string
	Services          []string
	Environment       *string
	RollbackOf        *string `json:"rollback_of"`

	start, end                 time.Time
	open, succeeded, takesBack bool
}

var (
	shownRuns   = regexp.MustCompile(`<div class="runs"><span class="status succeeded">.*?</span></span> <a class="(no-)?version" href="\.\./([^"]*)">([^<]*)</a>`)
	shownWay    = regexp.MustCompile(`<span class="status in-progress">.*?</span> <a class="(?:no-)?version" href="[^"]*">([^<]*)</a>`)
	shownNumber = regexp.MustCompile(`<td data-line="(\d+)"`)
)

// TestBoardOfAnyDay walks records.json on its own and finds the same on the pages, as
// a browser shows them, for 40 days of the example's history.
func TestBoardOfAnyDay(t *testing.T) {
	s, out := load(t, "../../examples/jump-man")
	var history published
	if err := json.Unmarshal([]byte(page(t, out, "records.json")), &history); err != nil {
		t.Fatal(err)
	}
	first := today
	for i := range history.Records {
		r := &history.Records[i]
		r.start, _ = time.Parse(time.RFC3339, r.Date)
		if r.end = r.start; r.Finished != nil {
			r.end, _ = time.Parse(time.RFC3339, *r.Finished)
		}
		r.open, r.succeeded, r.takesBack = r.Status == "in-progress", r.Status == "succeeded", r.RollbackOf != nil
		if r.start.Before(first) {
			first = r.start
		}
	}
	slices.Reverse(history.Records) // oldest first
	seen := map[string]int{}
	const days = 40
	for i := range days {
		day := first.Add(today.Sub(first) / days * time.Duration(i+1)).In(s.config.Location)
		end := time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, s.config.Location)
		want := map[string]string{}
		for _, r := range history.Records {
			for _, service := range r.Services {
				key := service + " in " + *r.Environment
				if !r.start.After(end) && want[key] == "" {
					want[key] = "-"
				}
				if r.end.After(end) || !r.succeeded {
					continue
				}
				want[key] = r.URL
				if r.Version != nil {
					want[key] = *r.Version
				}
			}
			if r.start.After(end) {
				continue
			}
			seen[r.Status]++
			if r.takesBack {
				seen["rollback"]++
			}
		}
		for _, r := range history.Records {
			closed := !r.open && !r.end.After(end)
			for _, service := range r.Services {
				key := service + " in " + *r.Environment
				forgotten := end.Sub(r.start) > 24*time.Hour && slices.ContainsFunc(history.Records, func(other walked) bool {
					return other.start.After(r.start) && !other.open && !other.end.After(end) &&
						slices.Contains(other.Services, service) && *other.Environment == *r.Environment
				})
				if !r.start.After(end) && !closed && !forgotten {
					want[key] += ", under way " + *r.Version
				}
			}
		}
		got := boardOn(t, s, out, end)
		for key := range maps.Keys(got) {
			if want[key] == "" {
				delete(got, key)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: the pages say\n%v\nrecords.json\n%v", end.Format(time.DateOnly), got, want)
		}
	}
	for _, kind := range []string{"failed", "rolled-back", "rollback", "in-progress", "cancelled"} {
		if seen[kind] == 0 {
			t.Errorf("no %s record was among those walked over", kind)
		}
	}
}

// boardOn reads what the script of a day's quarter shows for it: by "service in
// environment" the version, and what is under way.
func boardOn(t *testing.T, s *Site, out Output, end time.Time) map[string]string {
	st := (&pager{Site: s}).follow()
	var folder string
	for _, q := range (&pager{Site: s}).quarters() { // the newest that is not after the day
		if folder == "" && !q.from.After(end) {
			folder = q.Page
		}
	}
	data, _ := strings.CutPrefix(page(t, out, folder+"days.js"), "deploysiteDays(")
	var lines map[int][][2]string
	if err := json.Unmarshal([]byte(strings.TrimSuffix(data, ");\n")), &lines); err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{}
	for l := range st.courses {
		number, cell := st.number(l), ""
		for _, change := range lines[number] {
			if change[0] <= end.Format(time.DateOnly) {
				cell = change[1]
			}
		}
		if m := shownNumber.FindStringSubmatch(cell); m == nil || m[1] != fmt.Sprint(number) {
			t.Fatalf("line %d has the cell %q", number, cell)
		}
		text := "-"
		if m := shownRuns.FindStringSubmatch(cell); m != nil {
			if text = m[3]; m[1] != "" {
				text = strings.TrimSuffix(m[2], "index.html") // the title is cut off
			}
		}
		for _, m := range shownWay.FindAllStringSubmatch(cell, -1) {
			text += ", under way " + m[1]
		}
		shown[l.service.Name+" in "+l.environment.Name] = text
	}
	return shown
}

// Each of several deployments under way at once is on the board, up to five.
func TestBoardNamesAllUnderWay(t *testing.T) {
	var files []txtar.File
	for i := range 7 {
		files = append(files, txtar.File{
			Name: fmt.Sprintf("deployments/checklists/2026-06-30-10-%02d-deployment.md", i),
			Data: fmt.Appendf(nil, "---\nservice: api\nenvironment: production\nversion: v%d\nstatus: in-progress\ndate: %s\n---\n# A\n\n- [ ] a\n", i, today.Add(time.Duration(i-10)*time.Minute).Format(time.RFC3339)),
		})
	}
	root := t.TempDir()
	writeInto(t, root, files...)
	_, out := load(t, root)
	home := page(t, out, "index.html")
	board := home[strings.Index(home, `<table class="board">`):]
	board = board[:strings.Index(board, "</table>")]
	var got []string
	for _, m := range shownWay.FindAllStringSubmatch(board, -1) {
		got = append(got, m[1])
	}
	if !slices.Equal(got, []string{"v6", "v5", "v4", "v3", "v2"}) || !strings.Contains(board, "and 2 more under way") {
		t.Errorf("it names %v in\n%s", got, board)
	}
}
