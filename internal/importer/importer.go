// Package importer makes deployment records from what a team has already: a log in
// Markdown with a section for each deployment, the JSON that the tools of GitHub and
// GitLab print, and tables in CSV.
//
// There are three steps. [Read] divides sources into deployments: each byte of a
// source is in one [Draft], or in one [Rest] that says why it is in no draft.
// [Compose] makes a record from a draft: front matter with the facts that were
// found, and below it the text as it was. [MakePlan] compares the drafts with the
// existing records, and [Plan.Write] writes the missing ones.
//
//	got := importer.Read([]importer.Source{{Name: "DEPLOYMENT_LOG.md", Data: data}}, importer.Options{})
//	for _, d := range got.Drafts {
//		fmt.Println(d.Title, d.Started.Time, d.Status)
//	}
//	for _, r := range got.Rest {
//		fmt.Println(r.Problem) // DEPLOYMENT_LOG.md:1:1: warning: not a deployment …
//	}
//
// Nothing is guessed: a deployment whose date can be read in two ways is refused, and
// what a source does not say is not in the record. The package does not convert
// Markdown; the text of a section goes into its record byte for byte.
package importer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
)

// Format is a kind of source.
type Format string

// The formats.
const (
	Guess  Format = ""
	Log    Format = "log"    // Markdown
	GitHub Format = "github" // JSON of gh
	GitLab Format = "gitlab" // JSON of glab
	CSV    Format = "csv"
)

// Formats lists the formats by name.
var Formats = []Format{Log, GitHub, GitLab, CSV}

// DateOrder says how to read a date such as 01/02/2024.
type DateOrder string

// The orders.
const (
	UnknownOrder DateOrder = ""
	DayFirst     DateOrder = "dmy"
	MonthFirst   DateOrder = "mdy"
)

// Options say how to read the sources, and what they leave out. The zero value works.
type Options struct {
	Format Format // Guess: each source's own

	// Zone is the zone of clock times without an offset. Where it is nil, records get
	// them without an offset too, which means the project's zone.
	Zone *time.Location
	// Project is the zone that moments of JSON sources, which are in UTC, are
	// shown in; nil is UTC.
	Project *time.Location

	DateOrder   DateOrder
	Service     string
	Environment string
	Status      records.Status

	// Columns maps a key such as "date" to the header, or the number, of the
	// column of a CSV that holds it.
	Columns map[string]string
}

// Source is a file, or what came from stdin.
type Source struct {
	Name string // as people call it; slash-separated and relative to the project, where it is in there
	Data []byte
}

// Part is a range of bytes in one of the sources.
type Part struct {
	Source int
	Span   text.Span
}

// Draft is a deployment that was found. What it does not have is unknown.
type Draft struct {
	Parts []Part // where it stands; the first is the deployment itself
	File  string // the source's name
	Line  int
	ID    string // the same whenever the same deployment is imported again

	newestFirst bool // the source says that it is in this order

	Title       string
	Started     records.Moment
	Finished    records.Moment
	Status      records.Status
	Deployers   []string
	Services    []string
	Environment string
	Version     string
	Commit      string
	Branch      string
	Tags        []string
	Links       []Link

	Body []byte // what stands below the front matter

	// Record is what the record of the draft says, once Read is done: the body may
	// tell what is not in the draft. Its tree and its source are let go.
	Record *records.Record

	statusGiven bool // by the options, not by the source
	row         bool // it is one of a table in a log
}

// Link is a named address.
type Link struct{ Name, URL string }

// Kind is a kind of part that became no record.
type Kind string

// The kinds. Layout is white space, punctuation and headers, which no report shows.
const (
	Layout  Kind = "layout"
	Text    Kind = "text"    // belongs to no deployment
	Refused Kind = "refused" // a deployment that no record can be made of
)

// Rest is a part of a source that became no record. Its Problem says why; the
// severity is Error if the part is a deployment.
type Rest struct {
	Part
	Kind    Kind
	Excerpt string // its first words, in plain text
	problem.Problem
}

// Reading is the result of [Read].
type Reading struct {
	Sources []Source
	Formats []Found
	Drafts  []*Draft
	Rest    []Rest            // by position
	Remarks []problem.Problem // doubts about what is in the drafts

	opt   Options
	lines []*text.Lines
}

// Found is the format that a source was read in, and why.
type Found struct {
	Format Format
	Why    string // "" where it was asked for
}

// Read divides the sources into drafts. It never fails: what cannot be read is in Rest.
func Read(sources []Source, opt Options) *Reading {
	r := &Reading{Sources: sources, opt: opt}
	documents := &documents{reading: r}
	for i, s := range sources {
		r.lines = append(r.lines, text.NewLines(s.Data))
		found := Found{Format: opt.Format}
		if found.Format == Guess {
			found = guess(s)
		}
		r.Formats = append(r.Formats, found)
		if text.IsUTF16(s.Data) {
			r.refuse(i, text.Span{Start: 0, End: len(s.Data)}, "save it as UTF-8, as by iconv -f utf-16 -t utf-8", "the file is written in UTF-16")
			continue
		}
		if conflicts := text.Conflicts(s.Data); len(conflicts) > 0 {
			r.refuse(i, text.Span{Start: 0, End: len(s.Data)}, "solve it: keep what is right, and take these lines out", "a merge conflict is not solved: %s", conflicts[0].Describe(s.Data))
			continue
		}
		switch found.Format {
		case GitHub, GitLab:
			documents.read(i)
		case CSV:
			readCSV(r, i)
		default:
			readLog(r, i)
		}
	}
	documents.settle()
	r.settle()
	return r
}

// settle gives each draft an ID of its own, adds the facts of the options, and
// accounts for every byte.
func (r *Reading) settle() {
	slices.SortStableFunc(r.Drafts, func(a, b *Draft) int { return comparePart(a.Parts[0], b.Parts[0]) })
	r.name()
	for _, d := range r.Drafts {
		if len(d.Services) == 0 && r.opt.Service != "" {
			d.Services = []string{r.opt.Service}
		}
		d.Environment = cmp.Or(d.Environment, r.opt.Environment)
		if d.Status == "" {
			d.Status, d.statusGiven = r.opt.Status, true
		}
	}
	r.check()
	r.cover()
	problem.Sort(r.Remarks)
	r.Remarks = slices.Compact(r.Remarks)
}

func comparePart(a, b Part) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Span.Start, b.Span.Start))
}

// name numbers drafts with equal IDs: two rows of the same words are two deployments.
// An ID of a forge is unique, so there an equal one was listed twice and is left out.
func (r *Reading) name() {
	seen := map[string]*Draft{}
	count := map[string]int{}
	r.Drafts = slices.DeleteFunc(r.Drafts, func(d *Draft) bool {
		first := seen[d.ID]
		if first == nil {
			seen[d.ID] = d
			return false
		}
		if !strings.HasPrefix(d.ID, textID) {
			for _, p := range d.Parts {
				r.leave(p.Source, p.Span, Text, "", "the same deployment as in %s:%d; it is listed twice", first.File, first.Line)
			}
			return true
		}
		base := d.ID
		for seen[d.ID] != nil {
			count[base]++
			d.ID = base + "-" + strconv.Itoa(count[base]+1)
		}
		seen[d.ID] = d
		return false
	})
}

// check composes each draft and refuses those that would make an invalid record.
func (r *Reading) check() {
	r.Drafts = slices.DeleteFunc(r.Drafts, func(d *Draft) bool {
		flaw := r.flaw(d)
		if flaw == nil {
			r.findSecrets(d)
			return false
		}
		for _, p := range d.Parts {
			r.rest(p, Refused, *flaw)
		}
		return true
	})
}

// findSecrets warns of what looks like a secret, where it stands in the source.
func (r *Reading) findSecrets(d *Draft) {
	for _, p := range d.Parts {
		for _, s := range (secrets.Finder{}).Find(r.Sources[p.Source].Data[p.Span.Start:p.Span.End]) {
			line, column := r.lines[p.Source].Position(p.Span.Start + s.Start)
			r.Remarks = append(r.Remarks, problem.Secret.At(r.Sources[p.Source].Name, line, column,
				"this looks like a secret ("+s.Rule+")", "the record will hold it too; take it out there before it is committed"))
		}
	}
}

// flaw is why no record can be made of a draft, or nil.
func (r *Reading) flaw(d *Draft) *problem.Problem {
	at := d.Parts[0]
	found := func(offset int, hint, message string) *problem.Problem {
		p := r.problem(at.Source, offset, problem.NotImported, hint, "%s", message)
		return &p
	}
	source := r.Sources[at.Source].Data[at.Span.Start:at.Span.End]
	if i := text.BadByte(source, 0); i >= 0 {
		what, hint := "a byte here is not valid UTF-8", "save the file as UTF-8, as by iconv -f windows-1252 -t utf-8"
		switch source[i] {
		case 0:
			what, hint = "there is a NUL character here", "take it out"
		case '\r':
			what, hint = "there is a carriage return without a line feed here", "take it out; a progress bar leaves them"
		}
		return found(at.Span.Start+i, hint, what)
	}
	composed := Compose(d)
	if len(composed) > records.MaxSize {
		return found(at.Span.Start, "move long output to a file of its own and link to it", "the deployment has more than 4 MiB, and no record may")
	}
	d.Record = records.Parse(d.name(1), composed, records.Options{Location: r.opt.Project})
	for _, p := range d.Record.Problems {
		if p.Severity == problem.Error {
			return found(at.Span.Start, p.Hint, "no record can be made of it: "+p.Message)
		}
	}
	d.Record = &records.Record{Title: d.Record.Title, Status: d.Record.Status, StatusFrom: d.Record.StatusFrom, Finished: d.Record.Finished}
	return nil
}
