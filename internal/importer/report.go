package importer

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
)

// Report is what an import found and did, for programs as JSON and for people by
// [Report.Print].
type Report struct {
	Written bool              `json:"written"` // whether this was more than a dry run
	Folder  string            `json:"folder"`
	Sources []reportSource    `json:"sources"`
	Counts  Counts            `json:"counts"`
	Records []importedRecord  `json:"records"`
	Left    []leftPart        `json:"left"`    // parts of the sources that are in no record
	Remarks []problem.Problem `json:"remarks"` // doubts about what is in the records

	All bool `json:"-"` // people get to see the whole of long lists

	askedStatus bool // for deployments that say none
}

type reportSource struct {
	File   string `json:"file"`
	Bytes  int    `json:"bytes"`
	Format Format `json:"format"`
	Why    string `json:"why,omitempty"` // of the guess; empty where the format was asked for
}

type Counts struct {
	Found   int `json:"found"` // deployments that a record is or can be made of
	New     int `json:"new"`
	Written int `json:"written"`
	Present int `json:"present"`
	Changed int `json:"changed"`
	InDoubt int `json:"in_doubt"` // may be edited, or new; not written
	Refused int `json:"refused"`
	Left    int `json:"left"`
}

type importedRecord struct {
	File        string   `json:"file"` // of the record
	State       State    `json:"state"`
	From        string   `json:"from"`
	Line        int      `json:"line"`
	Bytes       [][3]int `json:"bytes"` // number of the source, begin, end
	ID          string   `json:"id"`
	Title       string   `json:"title,omitempty"`
	Date        string   `json:"date"`
	Finished    string   `json:"finished,omitempty"`
	Status      string   `json:"status,omitempty"`
	Deployers   []string `json:"deployers,omitempty"`
	Services    []string `json:"services,omitempty"`
	Environment string   `json:"environment,omitempty"`
	Version     string   `json:"version,omitempty"`
	Commit      string   `json:"commit,omitempty"`
	Unknown     []string `json:"unknown,omitempty"`
}

// leftPart is a part of a source that is in no record.
type leftPart struct {
	problem.Problem
	Kind    Kind   `json:"kind"`
	Bytes   [3]int `json:"bytes"` // number of the source, begin, end
	Excerpt string `json:"excerpt,omitempty"`
}

// NewReport says what came of a plan, which is written or was only looked at. Files
// are named as seen from root, the project's; folder is that of its records.
func NewReport(root, folder string, got *Reading, plan *Plan, written bool) *Report {
	r := &Report{Written: written, Folder: folder, Records: []importedRecord{}, Left: []leftPart{}, Remarks: []problem.Problem{}}
	r.askedStatus = got.opt.Status != ""
	for i, s := range got.Sources {
		r.Sources = append(r.Sources, reportSource{s.Name, len(s.Data), got.Formats[i].Format, got.Formats[i].Why})
	}
	for _, e := range plan.Entries {
		r.Records = append(r.Records, newImportedRecord(root, e))
		if e.Named != "" {
			r.Remarks = append(r.Remarks, problem.ImportDoubt.At(e.Draft.File, e.Line, 0,
				"it names "+seenFrom(root, e.Named)+", a record of the same day; if both are of one deployment, it is counted twice",
				"keep one of the two records"))
		}
	}
	for _, rest := range got.Rest {
		r.Left = append(r.Left, leftPart{rest.Problem, rest.Kind, part(rest.Part), rest.Excerpt})
		switch rest.Kind {
		case Refused:
			r.Counts.Refused++
		case Text:
			r.Counts.Left++
		}
	}
	for _, remark := range got.Remarks {
		r.Remarks = append(r.Remarks, remark)
		if remark.Severity == problem.Error {
			r.Counts.Refused++
		}
	}
	r.Counts.Found, r.Counts.Written = len(plan.Entries), plan.Count(Written)
	r.Counts.New, r.Counts.Present, r.Counts.Changed = plan.Count(New), plan.Count(Present), plan.Count(Changed)
	r.Counts.InDoubt = plan.Count(Doubtful)
	return r
}

func part(p Part) [3]int { return [3]int{p.Source, p.Span.Start, p.Span.End} }

func newImportedRecord(root string, e *Planned) importedRecord {
	r := importedRecord{State: e.State, From: e.Draft.File, Line: e.Line, ID: e.ID, Title: e.Record.Title.Value, Date: e.Started.Exact(), Finished: e.Finished.Exact(),
		Status: string(e.Record.Status), Deployers: e.Deployers, Services: e.Services, Environment: e.Environment, Version: e.Version, Commit: e.Commit, Unknown: e.Unknown()}
	switch {
	case e.State == Present && e.statusGiven: // which changes nothing there
		r.Status = string(e.There)
	case slices.Contains(r.Unknown, "status"):
		r.Status = ""
	}
	r.File = seenFrom(root, e.Path)
	for _, one := range e.Parts {
		r.Bytes = append(r.Bytes, part(one))
	}
	return r
}

func seenFrom(root, path string) string {
	if rel, err := filepath.Rel(root, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}

// mostShown is how many lines of a long list people get to see, unless they ask for all.
const mostShown = 30

// Print writes the report for people.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	for _, s := range r.Sources {
		fmt.Fprintf(&b, "%s: read as %s, because %s\n", s.File, s.Format, cmp.Or(s.Why, "you said so"))
	}
	r.printRecords(&b)
	r.printProblems(&b)
	b.WriteString("\n" + r.summary() + "\n")
	_, err := io.WriteString(w, tty.Fit(text.Visible(b.String()), tty.Width(w)))
	return err
}

func (r *Report) printRecords(b *strings.Builder) {
	if len(r.Records) == 0 {
		return
	}
	b.WriteString("\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	var rows []string
	for _, one := range r.Records {
		rows = append(rows, one.row())
	}
	r.lines(t, rows, "--all lists them")
	t.Flush()
}

// lines writes a list, and leaves out the middle of a long one.
func (r *Report) lines(w io.Writer, lines []string, more string) {
	from, to := len(lines), len(lines)
	if !r.All && to > mostShown {
		from, to = mostShown-mostShown/3, to-mostShown/3
	}
	for i, line := range lines {
		if i == from && from < to {
			fmt.Fprintf(w, "… %d more; %s\n", to-from, more)
		}
		if i < from || i >= to {
			fmt.Fprintln(w, line)
		}
	}
}

// row is a record on one line, its cells parted by tabs.
func (one importedRecord) row() string {
	unknown := ""
	if len(one.Unknown) > 0 {
		unknown = "unknown: " + strings.Join(one.Unknown, ", ")
	}
	cells := []string{stateWord[one.State], filepath.Base(one.File), cmp.Or(one.Title, "–"), cmp.Or(one.Status, "–"), unknown}
	for i, c := range cells {
		cells[i] = text.OneLine(text.Visible(c), 60)
	}
	return strings.TrimRight(strings.Join(cells, "\t"), "\t")
}

var stateWord = map[State]string{
	New: "new", Written: "written", Present: "already there", Changed: "changed since", Doubtful: "in doubt",
}

// printProblems lists first what is a deployment and became no record, then what
// else was left out, then doubts.
func (r *Report) printProblems(b *strings.Builder) {
	const refused, text = "Deployments that no record can be made of", "Left out, and still in the source"
	const changed, doubtful = "Changed since they were imported", "Edited since they were imported, or new: not written"
	const remarks = "In doubt"
	lists := map[string][]string{}
	add := func(title, line string) { lists[title] = append(lists[title], line) }
	for _, left := range r.Left {
		line := left.String()
		if left.Excerpt != "" {
			line += "\n    " + left.Excerpt
		}
		add(map[Kind]string{Refused: refused, Text: text}[left.Kind], line)
	}
	for _, one := range r.Records {
		switch one.State {
		case Doubtful:
			add(doubtful, one.doubt().String())
		case Changed:
			add(changed, problem.ImportDoubt.At(one.From, one.Line, 0,
				"the source says something else by now than "+one.File+", which was made of it; that is left as it is",
				"change the record by hand, or remove it and import once more").String())
		}
	}
	for _, remark := range r.Remarks {
		add(map[problem.Severity]string{problem.Error: refused, problem.Warning: remarks}[remark.Severity], remark.String())
	}
	for _, title := range []string{refused, changed, doubtful, text, remarks} {
		r.list(b, title, lists[title])
	}
}

// doubt says what a deployment may be that nobody can tell from an edited one, and
// how to say what it is.
func (one importedRecord) doubt() problem.Problem {
	return problem.ImportDoubt.At(one.From, one.Line, 0,
		"in doubt: "+one.File+" may have been made of a former text of it, so it was not written",
		fmt.Sprintf("if it was, change %s to %s in that record; if not, take %s out there; then import once more",
			records.KeyImportedID, one.ID, records.KeyImportedFrom))
}

func (r *Report) list(b *strings.Builder, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	r.lines(b, lines, "--json has all of them")
}

func (r *Report) summary() string {
	c := r.Counts
	parts := []string{text.Count(c.Found, "deployment") + " found"}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(c.New, "new")
	add(c.Written, "written to "+r.Folder)
	add(c.Present, "already there")
	add(c.Changed, "changed since")
	add(c.InDoubt, "in doubt")
	add(c.Refused, "that no record can be made of")
	if c.Left > 0 {
		parts = append(parts, text.Count(c.Left, "part")+" left out")
	}
	line := strings.Join(parts, ", ") + "."
	if c.Found == 0 && len(r.Sources) > 0 && r.Sources[0].Format == CSV {
		line += " A table has a head and, below it, a row for each deployment, as text in UTF-8."
	}
	if unknown := r.unknown("status"); unknown > 0 {
		of := "them"
		if c.New+c.Written < c.Found {
			of = map[bool]string{false: "the new ones", true: "those written"}[r.Written]
		}
		line += fmt.Sprintf("\nHow %d of %s ended is not known; the site shows that as unfinished.", unknown, of)
		if r.Written {
			line += " Write the status into the records; --status changes none that are there."
		} else {
			line += " If all of them went well, say --status succeeded."
		}
	}
	if day, titles := r.phases(); len(titles) > 0 {
		line += fmt.Sprintf("\n%d deployments of %s look like parts of one: %s. If they are, make one section of them.", len(titles), day, strings.Join(titles, ", "))
	}
	if r.askedStatus && c.Present > 0 {
		line += "\n--status changes nothing in the records that are already there."
	}
	if !r.Written && c.New > 0 {
		line += "\nThis was a dry run: nothing was written. Say --write to write the records."
	}
	return line
}

// phaseTitle begins the title of what may be a part of a deployment.
var phaseTitle = text.Pattern(`(?i)^(?:phase|stage|step|part|wave|schritt|teil|étape|etape|partie|fase|paso|etapa|passo|этап|фаза|フェーズ|ステップ|阶段|步骤|단계)\s*\d|^第\s*\d+\s*(?:阶段|步|フェーズ|段階)`)

// phases are new records of one day that are called phases, of the first day that has
// several. They may be one deployment, or several: the log does not say.
func (r *Report) phases() (day string, titles []string) {
	byDay := map[string][]string{}
	for _, one := range r.Records {
		if (one.State == New || one.State == Written) && phaseTitle().MatchString(one.Title) {
			at := text.First(one.Date, len(time.DateOnly))
			byDay[at] = append(byDay[at], "“"+text.OneLine(one.Title, 40)+"”")
		}
	}
	for _, at := range slices.Sorted(maps.Keys(byDay)) {
		if len(byDay[at]) > 1 {
			return at, byDay[at]
		}
	}
	return "", nil
}

// unknown counts the new records that do not have a fact.
func (r *Report) unknown(fact string) (n int) {
	for _, one := range r.Records {
		if (one.State == New || one.State == Written) && slices.Contains(one.Unknown, fact) {
			n++
		}
	}
	return n
}
