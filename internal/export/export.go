// Package export turns records into rows for other programs: tables of records, of their
// steps, of their notes, and of what people decided on notes; and into the documents that
// some programs take in. It touches no disk. What each column means is in docs/guide/export.md.
//
//	w := export.NewWriter(os.Stdout, export.Steps, export.CSV)
//	for _, r := range all {
//		if err := w.Write(r); err != nil { … }
//	}
//	err := w.Close()
//
// What nobody wrote down is null in JSON, and an empty cell in CSV.
package export

import (
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Schema is the version of the tables, in the first column of each. It grows when a
// column is taken away or gets another meaning, not when one is added.
const Schema = 1

// A Record is one of a history, or a checklist, with what only the project knows of it.
type Record struct {
	*records.Record                     // its ID is that on the whole site
	IsChecklist     bool                // its verdicts alone are exported
	Shown           string              // its file, as people in the project's folder find it
	Person          func(string) string // the name by which the site lists a person
	Named           func(string) string // the ID on the whole site of a record that this one names
	Repository      func() string       // the address of the repository, "" where none is known
	IsProduction    func(string) bool   // whether an environment is
}

// A Table is what can be exported.
type Table struct {
	Name         string
	Columns      []string
	OfChecklists bool // it has rows of checklists, too

	rows func(Record) [][]any // a value is nil, a string, a []string, or a number
}

// A column is the name of one and its value for an item of the table.
type column[T any] struct {
	name string
	of   func(T) any
}

func table[T any](name string, items func(Record) []T, columns []column[T]) Table {
	t := Table{Name: name, Columns: []string{"schema"}}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.name)
	}
	t.rows = func(r Record) (rows [][]any) {
		for _, item := range items(r) {
			row := []any{Schema}
			for _, c := range columns {
				row = append(row, c.of(item))
			}
			rows = append(rows, row)
		}
		return rows
	}
	return t
}

// Tables are all of them.
var Tables = []Table{Records, Steps, Notes, Verdicts}

// Records has a row for each record.
var Records = table("records", func(r Record) []Record { return []Record{r} }, slices.Concat([]column[Record]{
	{"id", func(r Record) any { return r.ID }},
	{"title", func(r Record) any { return r.title() }},
	{"status", func(r Record) any { return string(r.Status) }},
	{"date", func(r Record) any { return known(r.Started.ISO()) }},
	{"finished", func(r Record) any { return known(r.Finished.ISO()) }},
	{"duration_s", func(r Record) any { return r.seconds() }},
	{"services", func(r Record) any { return distinct(records.Values(r.Services)) }},
	{"environments", func(r Record) any { return distinct(records.Values(r.Environments)) }},
	{"version", func(r Record) any { return known(r.Version.Value) }},
	{"commit", func(r Record) any { return known(r.Commit.Value) }},
	{"deployers", func(r Record) any { return r.People() }},
	{"tags", func(r Record) any { return distinct(records.Values(r.Tags)) }},
	{"rollback_of", func(r Record) any { return r.other(r.RollbackOf) }},
	{"fixes", func(r Record) any { return r.other(r.Fixes) }},
	{"approved_by", func(r Record) any { return r.people(r.ApprovedBy) }},
}, counts(), []column[Record]{
	{"file", func(r Record) any { return r.Shown }},
}))

// counts are how many steps of each state and notes of each kind a record has.
func counts() (all []column[Record]) {
	for _, state := range records.States {
		all = append(all, column[Record]{"steps_" + snake(string(state)), func(r Record) any {
			return count(r.Steps, func(s records.Step) bool { return s.State == state })
		}})
	}
	for _, kind := range records.NoteKinds {
		all = append(all, column[Record]{"notes_" + string(kind), func(r Record) any {
			return count(r.Notes, func(n records.Note) bool { return n.Kind == kind })
		}})
	}
	return all
}

// A step is one of a record.
type step struct {
	Record
	*records.Step
	position int
}

// Steps has a row for each step, in the order of the record.
var Steps = table("steps", func(r Record) (all []step) {
	for i := range r.Record.Steps {
		all = append(all, step{r, &r.Record.Steps[i], i + 1})
	}
	return all
}, []column[step]{
	{"record", func(s step) any { return s.Record.ID }},
	{"key", func(s step) any { return s.Key }},
	{"label", func(s step) any { return s.Label }},
	{"section", func(s step) any { return known(s.Section) }},
	{"position", func(s step) any { return s.position }},
	{"state", func(s step) any { return string(s.State) }},
	{"at", func(s step) any { return moment(s.At) }},
	{"by", func(s step) any { return s.person(s.By) }},
})

// A note is one of a record.
type note struct {
	Record
	*records.Note
}

// Notes has a row for each note, in the order of the record.
var Notes = table("notes", func(r Record) (all []note) {
	for i := range r.Record.Notes {
		all = append(all, note{r, &r.Record.Notes[i]})
	}
	return all
}, []column[note]{
	{"record", func(n note) any { return n.Record.ID }},
	{"id", func(n note) any { return n.Note.ID }},
	{"kind", func(n note) any { return string(n.Kind) }},
	{"text", func(n note) any { return n.Text }},
	{"resolution", func(n note) any { return known(recall.Helped(n.Note)) }},
	{"step", func(n note) any { return known(n.Stamp.Step) }},
	{"at", func(n note) any { return moment(n.Stamp.At) }},
	{"by", func(n note) any { return n.person(n.Stamp.By) }},
	{"done", func(n note) any { return n.Done }},
})

// A verdict is what one comment says of a note.
type verdict struct {
	Record
	ledger.Mark
}

// Verdicts has a row for each comment that decides on a note, in the order of the
// record. It needs the record's source and tree.
var Verdicts = ofChecklists(table("verdicts", func(r Record) (all []verdict) {
	for _, m := range ledger.Marks(r.Record) {
		all = append(all, verdict{r, m})
	}
	return all
}, []column[verdict]{
	{"record", func(v verdict) any {
		if v.IsChecklist {
			return nil
		}
		return v.Record.ID
	}},
	{"verdict", func(v verdict) any { return string(v.Verdict) }},
	{"note", func(v verdict) any { return v.ref(v.Note) }},
	{"other", func(v verdict) any { return v.ref(v.Other) }},
	{"step", func(v verdict) any { return known(v.StepKey) }},
	{"by", func(v verdict) any { return v.person(v.By) }},
	{"reason", func(v verdict) any { return known(v.Reason) }},
}))

func ofChecklists(t Table) Table {
	t.OfChecklists = true
	return t
}

func (r Record) ref(note ledger.Ref) any {
	if note == (ledger.Ref{}) {
		return nil
	}
	note.Record = r.Named(note.Record)
	return note.String()
}

// known is nil for "", which is unknown.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func moment(at time.Time) any { return known(records.Moment{Time: at}.ISO()) }

// title is nil where the file's name is all there is.
func (r Record) title() any {
	if r.Title.From == records.FromFileName {
		return nil
	}
	return known(r.Title.Value)
}

func (r Record) seconds() any {
	d, ok := r.Duration()
	if !ok {
		return nil
	}
	return int64(d / time.Second)
}

func (r Record) person(name string) any {
	if name == "" {
		return nil
	}
	return r.Person(name)
}

// People are who deployed, as the site lists them.
func (r Record) People() []string { return r.people(r.Deployers) }

func (r Record) people(names []records.Text) []string {
	all := records.Values(names)
	for i := range all {
		all[i] = r.Person(all[i])
	}
	return distinct(all)
}

func (r Record) other(id records.Text) any {
	if id.IsZero() {
		return nil
	}
	return r.Named(id.Value)
}

// distinct are the names, each once. They are never nil: an empty list is [], not null.
func distinct(names []string) []string {
	all := []string{}
	for _, name := range names {
		if name != "" && !slices.ContainsFunc(all, func(other string) bool { return text.Same(name, other) }) {
			all = append(all, name)
		}
	}
	return all
}

func count[T any](all []T, counts func(T) bool) (n int) {
	for _, item := range all {
		if counts(item) {
			n++
		}
	}
	return n
}
