// Package records knows what a deployment record is: it parses one, and makes
// changes to it. It does not touch the disk; package store does.
//
// A record is an ordinary Markdown file. [Parse] reads it once. Pages, search,
// insights and edits all use the result, which has the range of bytes of everything
// that was found. Parse never fails: what cannot be read becomes a problem in
// [Record.Problems], and the rest is read.
//
//	r := records.Parse("2024-08-31-14-30-deployment.md", source, records.Options{})
//	fmt.Println(r.ID, r.Status, r.Started.Time)
//	for _, s := range r.Steps {
//		fmt.Println(s.State, s.Label)
//	}
//
// A [Change] turns a record into a changed one, and changes as few bytes as
// possible:
//
//	add := records.AddNote(records.Tips, records.NewNote{Text: "Purge the cache first."})
//	after, err := add(r)
//	os.WriteFile(path, after.Source, 0o666) // store.File.Change does it safely
//
// What is not written down is unknown: the zero [Text] or [Moment]. Each known value
// has an [Origin], which says where it was found.
package records

import (
	"cmp"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// Record is one deployment, as it is written in its file.
type Record struct {
	ID     string // the file's name without "-deployment.md", as used in URLs and references; see ParsePath
	File   string // slash-separated path, relative to the project's root
	Name   string // File below the records' folder: "2024/2024-08-31-14-30-deployment.md"
	Source []byte // the file, byte for byte

	FrontMatter frontmatter.Block

	Title        Text
	Started      Moment
	Finished     Moment
	Took         time.Duration // as written, where no clock tells it
	Status       Status
	StatusFrom   Origin
	StatusReason StatusReason // why it has this status
	Deployers    []Text       // as written; one person's several names are joined by the caller
	Services     []Text
	Environment  Text   // as written
	Environments []Text // each of them, where it names several
	Version      Text
	Commit       Text
	Branch       Text
	Tags         []Text
	Links        []Link
	RollbackOf   Text   // the ID of the record that this one undoes
	Fixes        Text   // the ID of the record whose damage this one repairs
	ApprovedBy   []Text // who agreed, as the record claims
	Template     Text   // "sha256:…" of the template that the record was made from
	Reading      Reading
	Extra        []frontmatter.Field // front matter keys that have no meaning here, in order

	Sections []Section // every heading of the body, in order
	Steps    []Step
	Notes    []Note
	Unfilled []text.Span // placeholders such as "TBD" where notes are written
	Metrics  []Metric    // bullets of the metrics section and of the metadata block
	Document Document

	Problems []problem.Problem // sorted by position

	opt      Options           // what it was parsed with: an edited record is parsed alike
	claims   []claim           // what the body's labelled lines say
	almost   []problem.Problem // items that are no steps, and look as if they were meant to be
	almostAt []text.Span       // where they are
	inserted []int             // offsets in a template's file of the marks that [ParseTemplate] put in
}

// Duration is the time from start to finish, or else the duration that is written
// down. ok is false if both are unknown, or if start and finish are in the wrong order.
func (r *Record) Duration() (d time.Duration, ok bool) {
	if r.Took > 0 && (r.Started.DateOnly || r.Finished.IsZero()) {
		return r.Took, true
	}
	if r.Started.IsZero() || r.Finished.IsZero() || r.Started.DateOnly || r.Finished.DateOnly ||
		r.Finished.Time.Before(r.Started.Time) {
		return 0, false
	}
	return r.Finished.Time.Sub(r.Started.Time), true
}

// NewestFirst orders records by their start, the newest first; of one moment, the
// last ID comes first.
func NewestFirst(a, b *Record) int {
	return cmp.Or(b.Started.Time.Compare(a.Started.Time), CompareIDs(b.ID, a.ID))
}

// Origin is where a value was found.
type Origin string

// MaxSize is the size in bytes of the largest record that is read.
const MaxSize = 4 << 20

// The origins. Earlier ones take precedence.
const (
	Unknown         Origin = ""
	FromFrontMatter Origin = "front matter"
	FromBody        Origin = "body"      // a metadata or metrics bullet
	FromFileName    Origin = "file name" // the date in YYYY-MM-DD-HH-MM-deployment.md, say
	FromSteps       Origin = "steps"     // derived from the steps' states
	FromConfig      Origin = "configuration"
)

// Text is a value as it was written, without quotes and surrounding space.
type Text struct {
	Value string
	Span  text.Span
	From  Origin
}

// IsZero reports whether the value is unknown.
func (t Text) IsZero() bool { return t.Value == "" }

// EnvironmentNames are where a deployment went; one name that is "" where nobody knows.
func (r *Record) EnvironmentNames() []string {
	if len(r.Environments) == 0 {
		return []string{""}
	}
	return Values(r.Environments)
}

// Values lists the values of texts.
func Values(texts []Text) []string { return each(texts, func(t Text) string { return t.Value }) }

// Moment is a point in time.
type Moment struct {
	Time     time.Time
	Span     text.Span
	From     Origin
	DateOnly bool // the hour is not known
	Local    bool // no offset was written: it is that of the start, or the project's
}

// IsZero reports whether the moment is unknown.
func (m Moment) IsZero() bool { return m.Time.IsZero() }

// Words is the moment as people write it. It is "" if the moment is unknown, and has
// no clock time if that is unknown.
func (m Moment) Words() string { return m.format(clockLayout) }

// ISO is the moment in RFC 3339, or only its day if the clock time is unknown. It is
// "" if the moment is unknown.
func (m Moment) ISO() string { return m.format(time.RFC3339) }

// Exact is the moment as front matter has it: only its day if the clock time is unknown,
// and without an offset if none was written.
func (m Moment) Exact() string {
	if m.Local {
		return m.format(localLayout)
	}
	return m.format(offsetLayout)
}

// How times are written into records.
const (
	localLayout  = "2006-01-02T15:04:05"
	offsetLayout = "2006-01-02T15:04:05-07:00"
)

func (m Moment) format(layout string) string {
	switch {
	case m.IsZero():
		return ""
	case m.DateOnly:
		return m.Time.Format(time.DateOnly)
	}
	return m.Time.Format(layout)
}

// Status is the outcome of a deployment.
type Status string

// The statuses a record can have.
const (
	InProgress Status = "in-progress"
	Succeeded  Status = "succeeded"
	Failed     Status = "failed"
	RolledBack Status = "rolled-back"
	Cancelled  Status = "cancelled"
)

// Statuses lists every status, in the order in which they are shown.
var Statuses = []Status{InProgress, Succeeded, Failed, RolledBack, Cancelled}

// Endings are the statuses that a deployment can end with.
var Endings = Statuses[1:]

// Words is the status as people say it.
func (s Status) Words() string {
	switch s {
	case InProgress:
		return "in progress"
	case RolledBack:
		return "rolled back"
	}
	return string(s)
}

// State is how far a step got.
type State string

// The states a step can have.
const (
	Done        State = "done"
	StepFailed  State = "failed"
	StepRunning State = "in-progress"
	Skipped     State = "skipped"
	Pending     State = "pending"
)

// Words is the state as people say it.
func (s State) Words() string {
	switch s {
	case StepRunning:
		return "in progress"
	case Pending:
		return "open"
	}
	return string(s)
}

// States lists every state, in the order in which they are shown.
var States = []State{Done, StepFailed, StepRunning, Skipped, Pending}

// Section is a heading of the body.
type Section struct {
	Level int
	Title string    // plain text
	ID    string    // unique in the record, safe in HTML and URLs
	Span  text.Span // the heading's lines
	Kind  NoteKind
	Node  *ast.Heading
}

// Step is one step of the checklist: a list item, a line, a table's cell or a heading,
// with a mark.
type Step struct {
	State   State
	Section string // title of the section it stands in, "" before the first
	Label   string // the leading bold text, or else the text before the first colon
	Text    string // the item's own text, plain, without mark and stamp
	Key     string // slug of section, unless that is a first-level heading, and label: the same step in every record
	ID      string // unique in the record, safe in HTML and URLs
	Depth   int    // 0, or how many steps it is nested in

	Span    text.Span // the whole item with what is nested in it
	Own     text.Span // its own text, between the mark and an end mark or stamp
	Mark    text.Span // the mark as written: "✅", "[x]", ":x:"
	EndMark text.Span // a second mark at the end, as in "[x] smoke tests ✅", or the word of "⬜ Pending"
	Stamp   text.Span // the trailing comment "<!-- TIME NAME -->"
	At      time.Time
	By      string

	Node     ast.Node // what has the mark: an *ast.ListItem, *ast.Heading, *ast.HTMLBlock or a table's cell
	TextNode ast.Node // the block that says what is to be done; nil in HTML

	boxed bool // a sign would not be read here, only a box is
}

// NoteKind is the notes section that a note belongs to.
type NoteKind string

// The kinds of notes. Metrics is only the kind of a section; its bullets are in
// [Record.Metrics].
const (
	NoNote  NoteKind = ""
	Well    NoteKind = "well"
	Issues  NoteKind = "issue"
	Lessons NoteKind = "lesson"
	Tips    NoteKind = "tip"
	Metrics NoteKind = "metric"
)

// NoteKinds are the kinds that notes have, in the order of their sections.
var NoteKinds = []NoteKind{Well, Issues, Lessons, Tips}

// Note is one note: a list item, a paragraph, or a structured issue with its heading.
type Note struct {
	Kind  NoteKind
	ID    string // unique in the record, readable, stable while its first words stay
	Text  string // plain text; for an issue its title and fields
	Span  text.Span
	Stamp Stamp      // when, by whom and at which step it was written; zero in most records
	Nodes []ast.Node // what to render, in order
	Issue *Issue     // nil unless the issue is structured
	Done  bool       // a tip of which its own line says that it is done: by its box, or its status in a table

	said string // the text before the first code block, "" without one
}

// Summary is the note in one line; of an issue its title.
func (n *Note) Summary() string {
	const most = 140
	if n.Issue != nil && n.Issue.Title != "" {
		return text.OneLine(n.Issue.Title, most)
	}
	return text.OneLine(n.Said(), most)
}

// Said is the note's text without the output that was pasted below it.
func (n *Note) Said() string { return cmp.Or(n.said, n.Text) }

// Issue is a structured issue: "### Issue #3: title" and bullets.
type Issue struct {
	Number string
	Title  string
	Fields []IssueField // in order, every labelled bullet
}

// IssueField is one labelled bullet of an issue.
type IssueField struct{ Label, Value string }

// Field returns the text under a label such as "Root Cause", or "". Case does
// not matter.
func (i *Issue) Field(label string) string {
	for _, f := range i.Fields {
		if text.Fold(f.Label) == text.Fold(label) {
			return f.Value
		}
	}
	return ""
}

// Metric is a labelled bullet such as "- Total Duration: 47 minutes". If there is no
// value, or a placeholder, Value.IsZero() is true.
type Metric struct {
	Label string
	Value Text      // Span is where the value stands, or would stand
	Span  text.Span // the line
}

// Link is a named address.
type Link struct {
	Name string
	URL  string // only http, https or mailto; others are a Problem
	Span text.Span
}

// Reading says whether the record belongs on the onboarding reading list.
type Reading struct {
	Listed bool
	Weight int // smaller comes first; 0 where only "true" was written
	Span   text.Span
}

// Document is the parsed body.
type Document struct {
	Body text.Span // what follows the front matter
	Root ast.Node  // nil where the body could not be parsed, or was let go after loading
}

// Release drops the source, the tree and what else only an editor needs, so that a
// long history fits into memory.
func (r *Record) Release() {
	r.Source, r.Document.Root, r.FrontMatter.Fields = nil, nil, nil
	r.claims, r.almost, r.almostAt = nil, nil, nil
	for i := range r.Sections {
		r.Sections[i].Node = nil
	}
	for i := range r.Steps {
		r.Steps[i].Node, r.Steps[i].TextNode = nil, nil
	}
	// One string holds what all notes say: of each the garbage collector would look at
	// two, at every collection.
	var all strings.Builder
	for _, n := range r.Notes {
		all.WriteString(n.Text)
		all.WriteString(n.ID)
	}
	rest := strings.Clone(all.String())
	cut := func(n int) (s string) {
		s, rest = rest[:n], rest[n:]
		return s
	}
	for i := range r.Notes {
		n := &r.Notes[i]
		n.Nodes, n.Text, n.ID = nil, cut(len(n.Text)), cut(len(n.ID))
	}
}
