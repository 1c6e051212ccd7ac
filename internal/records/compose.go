package records

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/text"
)

// Draft is what is known of a deployment at its start. What is left out is
// unknown and is not written.
type Draft struct {
	Title       string
	Started     time.Time // in the zone whose clock the deployer reads
	Services    []string
	Environment string
	Version     string
	Commit      string // in full
	Branch      string
	Deployers   []string
	Tags        []string
}

// DefaultTitle is a title of what is known: service, version and environment.
func (d Draft) DefaultTitle() string {
	what := text.Join(" ", strings.Join(d.Services, ", "), d.Version)
	switch {
	case what == "" && d.Environment == "":
		return "Deployment of " + d.Started.Format(time.DateOnly)
	case what == "":
		what = "Deployment"
	}
	if d.Environment != "" {
		what += " to " + d.Environment
	}
	return what
}

// Unknown lists the missing ones of the facts that people look for first.
func (d Draft) Unknown() []string {
	return unknown(len(d.Services) > 0, d.Environment != "", d.Version != "", len(d.Deployers) > 0)
}

// Unknown lists the missing ones of the facts that people look for first.
func (r *Record) Unknown() []string {
	return unknown(len(r.Services) > 0, !r.Environment.IsZero(), !r.Version.IsZero(), len(r.Deployers) > 0)
}

func unknown(service, environment, version, deployer bool) []string {
	missing := []string{}
	for i, known := range []bool{service, environment, version, deployer} {
		if !known {
			missing = append(missing, []string{"service", "environment", "version", "deployer"}[i])
		}
	}
	return missing
}

// Compose makes the record of a new deployment from the template, which is the text
// of the team's checklist:
//
//   - front matter on top, with the template's keys that the draft does not set;
//   - the title in the first heading of level 1;
//   - what is known in the metrics' empty bullets;
//   - the notes sections that the template lacks;
//   - an open box for each step of a template without marks, see [ParseTemplate].
//
// The rest of the template stays byte for byte. New lines end like the template's
// first one.
func Compose(template []byte, d Draft) ([]byte, error) {
	e := &editor{Parse("template.md", template, Options{})}
	title := e.titleEdit(d)
	edits := append(e.metricEdits(d), e.frontEdit(d), title, e.notesEdit(d))
	_, boxes := withBoxes(e.Record)
	for _, box := range boxesAt(boxes) {
		if at := box.Span.Start; at <= title.Span.Start || at >= title.Span.End {
			edits = append(edits, box)
		}
	}
	for i := range edits {
		edits[i].Text = withLineEnds(edits[i].Text, template)
	}
	return apply(template, edits...)
}

// withLineEnds gives text the line ends of a file.
func withLineEnds(text string, template []byte) string {
	if first := bytes.IndexByte(template, '\n'); first > 0 && template[first-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// frontEdit replaces the template's front matter, and its byte order mark.
func (e *editor) frontEdit(d Draft) Edit {
	end := e.Document.Body.Start
	content := "---\n" + e.frontMatter(d) + "---\n"
	if !bytes.HasPrefix(bytes.TrimLeft(e.Source[end:], "\r"), []byte("\n")) {
		content += "\n"
	}
	return Edit{text.Span{Start: 0, End: end}, content}
}

// frontMatter is the block without its delimiters.
func (e *editor) frontMatter(d Draft) string {
	var b strings.Builder
	set := map[string]bool{}
	write := func(key, yaml string) {
		if yaml != "" {
			set[key] = true
			fmt.Fprintf(&b, "%s: %s\n", key, yaml)
		}
	}
	write("title", frontmatter.YAMLText(d.Title))
	write("date", d.Started.Format("2006-01-02T15:04:05-07:00"))
	write("service", frontmatter.YAMLTexts(d.Services))
	write("environment", frontmatter.YAMLText(d.Environment))
	write("version", frontmatter.YAMLText(d.Version))
	write("commit", frontmatter.YAMLText(d.Commit))
	write("branch", frontmatter.YAMLText(d.Branch))
	write("deployer", frontmatter.YAMLTexts(d.Deployers))
	write("status", string(InProgress))
	write("tags", frontmatter.YAMLList(d.Tags))
	write("template", fmt.Sprintf("sha256:%x", sha256.Sum256(e.Source)))
	for i, f := range e.FrontMatter.Fields {
		if k := keyOf(f.Name); k == nil || !set[k.name] {
			b.WriteString(e.carriedOver(i))
		}
	}
	return b.String()
}

// carriedOver is the i-th field of the template's front matter in YAML: as it is
// written there, with its comments, if it has lines of its own.
func (e *editor) carriedOver(i int) string {
	front, f := e.FrontMatter, e.FrontMatter.Fields[i]
	closing := bytes.LastIndexByte(bytes.TrimRight(e.Source[:front.Span.End], "\r\n"), '\n') + 1
	end := closing
	if i+1 < len(front.Fields) {
		end = front.Fields[i+1].NameSpan.Start
	}
	if front.Format == "yaml" && beginsLine(e.Source, f.NameSpan.Start) && beginsLine(e.Source, end) {
		return strings.ReplaceAll(string(e.Source[f.NameSpan.Start:end]), "\r\n", "\n")
	}
	return strings.TrimRight(frontmatter.YAMLText(f.Name)+": "+frontmatter.YAMLValue(f.Value), " ") + "\n"
}

func beginsLine(source []byte, at int) bool { return at > 0 && source[at-1] == '\n' }

// titleEdit writes the title into the first heading of level 1, or on top.
func (e *editor) titleEdit(d Draft) Edit {
	for _, s := range e.Sections {
		if s.Level == 1 && s.Kind == NoNote {
			s.Span.End = s.Span.Start + len(bytes.TrimRight(e.Source[s.Span.Start:s.Span.End], "\r\n"))
			return Edit{s.Span, heading(1, d.Title)}
		}
	}
	top := e.Document.Body.Start
	top += len(e.Source[top:]) - len(bytes.TrimLeft(e.Source[top:], "\r\n"))
	return Edit{text.Span{Start: top, End: top}, heading(1, d.Title) + "\n\n"}
}

// heading writes a line of plain text as a heading. Punctuation is escaped only
// where Markdown would not show it as it is.
func heading(level int, text string) string {
	hashes := strings.Repeat("#", level) + " "
	text = strings.Join(strings.Fields(text), " ")
	sections := Parse("heading.md", []byte(hashes+text), Options{}).Sections
	if len(sections) == 1 && sections[0].Title == text {
		return hashes + text
	}
	return hashes + punctuation.Replace(text)
}

// punctuation escapes what can begin markup.
var punctuation = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`,
	`<`, `\<`, `>`, `\>`, `&`, `&amp;`, `#`, `\#`, `~`, `\~`, `!`, `\!`, `:`, `\:`, `|`, `\|`)

// clockLayout is how people read a start in the metrics.
const clockLayout = "2006-01-02 15:04"

// metricEdits fill the metrics that are empty in the template.
func (e *editor) metricEdits(d Draft) []Edit {
	return e.fillMetrics(map[fact]string{
		factStart:       d.Started.Format(clockLayout),
		factDeployer:    strings.Join(d.Deployers, ", "),
		factService:     strings.Join(d.Services, ", "),
		factEnvironment: d.Environment,
		factVersion:     d.Version,
		factCommit:      d.Commit,
		factBranch:      d.Branch,
	})
}

// Section is the title of the section that a record has for notes of the kind.
func (k NoteKind) Section() string {
	for _, s := range notesSections {
		if s.kind == k {
			return s.title
		}
	}
	return ""
}

// notesEdit adds the notes sections that the template lacks: to its section
// "Deployment Notes", or with such a section at the end.
func (e *editor) notesEdit(d Draft) Edit {
	at, level, found := e.notesEnd()
	var b strings.Builder
	if !found {
		level = 2
		b.WriteString("## Deployment Notes\n\n")
	}
	missing := false
	for _, s := range notesSections {
		if slices.ContainsFunc(e.Sections, func(has Section) bool { return has.Kind == s.kind }) {
			continue
		}
		missing = true
		b.WriteString(heading(min(level+1, 6), s.title) + "\n\n")
		if s.kind == Metrics {
			b.WriteString(emptyMetrics(d) + "\n")
		}
	}
	if !missing {
		return Edit{}
	}
	return e.spaced(at, strings.TrimRight(b.String(), "\n"))
}

// spaced is an edit that puts blocks of text between empty lines.
func (e *editor) spaced(at int, content string) Edit {
	before := bytes.ReplaceAll(e.Source[e.Document.Body.Start:at], []byte("\r\n"), []byte("\n"))
	for len(before) > 0 && !bytes.HasSuffix(before, []byte("\n\n")) {
		before = append(before, '\n')
		content = "\n" + content
	}
	content += "\n"
	if at < e.Document.Body.End {
		content += "\n"
	}
	return Edit{text.Span{Start: at, End: at}, content}
}

func emptyMetrics(d Draft) string {
	var b strings.Builder
	for _, bullet := range [][2]string{
		{"Start Time", d.Started.Format(clockLayout)},
		{"End Time", ""},
		{"Total Duration", ""},
		{"Deployed By", strings.Join(d.Deployers, ", ")},
	} {
		b.WriteString(strings.TrimRight("- "+bullet[0]+": "+bullet[1], " ") + "\n")
	}
	return b.String()
}
