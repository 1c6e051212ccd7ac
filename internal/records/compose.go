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

// Compose makes the record of a deployment that starts now from the template,
// the text of the team's checklist. It puts front matter on top, the title into
// the first heading of level 1, what is known into those bullets of the metrics
// that are empty, and adds the notes sections that the template lacks. The rest
// of the template stays byte for byte, and so do the keys of its front matter
// that the draft does not set. New lines end as the template's first one. In a
// template without marks each step gets an open box, see [ParseTemplate].
func Compose(template []byte, d Draft) ([]byte, error) {
	t := Parse("template.md", template, Options{})
	title := titleEdit(t, d)
	edits := append(metricEdits(t, d), frontEdit(t, d), title, notesEdit(t, d))
	_, boxes := t.withBoxes()
	for _, box := range boxesAt(boxes) {
		if at := box.Span.Start; at <= title.Span.Start || at >= title.Span.End {
			edits = append(edits, box)
		}
	}
	for i := range edits {
		edits[i].Text = withLineEnds(edits[i].Text, template)
	}
	return Apply(template, edits...)
}

// withLineEnds gives new text the line ends of the template.
func withLineEnds(text string, template []byte) string {
	if first := bytes.IndexByte(template, '\n'); first > 0 && template[first-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// frontEdit replaces the template's front matter, and a byte order mark.
func frontEdit(t *Record, d Draft) Edit {
	end := t.Document.Body.Start
	content := "---\n" + frontMatter(t, d) + "---\n"
	if !bytes.HasPrefix(bytes.TrimLeft(t.Source[end:], "\r"), []byte("\n")) {
		content += "\n"
	}
	return Edit{text.Span{Start: 0, End: end}, content}
}

// frontMatter is the block without its delimiters.
func frontMatter(t *Record, d Draft) string {
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
	write("template", fmt.Sprintf("sha256:%x", sha256.Sum256(t.Source)))
	for i, f := range t.FrontMatter.Fields {
		if k := keyOf(f.Name); k == nil || !set[k.name] {
			b.WriteString(carriedOver(t, i))
		}
	}
	return b.String()
}

// carriedOver is the i-th field of the template's front matter in YAML: as it is
// written there, with its comments, if it has lines of its own.
func carriedOver(t *Record, i int) string {
	front, f := t.FrontMatter, t.FrontMatter.Fields[i]
	closing := bytes.LastIndexByte(bytes.TrimRight(t.Source[:front.Span.End], "\r\n"), '\n') + 1
	end := closing
	if i+1 < len(front.Fields) {
		end = front.Fields[i+1].NameSpan.Start
	}
	if front.Format == "yaml" && beginsLine(t.Source, f.NameSpan.Start) && beginsLine(t.Source, end) {
		return strings.ReplaceAll(string(t.Source[f.NameSpan.Start:end]), "\r\n", "\n")
	}
	return strings.TrimRight(frontmatter.YAMLText(f.Name)+": "+frontmatter.YAMLValue(f.Value), " ") + "\n"
}

func beginsLine(source []byte, at int) bool { return at > 0 && source[at-1] == '\n' }

// titleEdit puts the title into the first heading of level 1, or on top.
func titleEdit(t *Record, d Draft) Edit {
	for _, s := range t.Sections {
		if s.Level == 1 && s.Kind == NoNote {
			s.Span.End = s.Span.Start + len(bytes.TrimRight(t.Source[s.Span.Start:s.Span.End], "\r\n"))
			return Edit{s.Span, heading(1, d.Title)}
		}
	}
	top := t.Document.Body.Start
	top += len(t.Source[top:]) - len(bytes.TrimLeft(t.Source[top:], "\r\n"))
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

// metricEdits fill the bullets that the template leaves empty.
func metricEdits(t *Record, d Draft) []Edit {
	return fillMetrics(t, map[fact]string{
		factStart:       d.Started.Format(clockLayout),
		factDeployer:    strings.Join(d.Deployers, ", "),
		factService:     strings.Join(d.Services, ", "),
		factEnvironment: d.Environment,
		factVersion:     d.Version,
		factCommit:      d.Commit,
		factBranch:      d.Branch,
	})
}

// fillMetrics are the edits that write what is known into bullets that are
// empty.
func fillMetrics(t *Record, known map[fact]string) []Edit {
	var edits []Edit
	for _, m := range t.Metrics {
		value := text.OneLine(known[labels[text.Fold(m.Label)]], 200)
		if value == "" || !m.Value.IsZero() {
			continue
		}
		edits = append(edits, metricEdit(t, m, value))
	}
	return edits
}

// metricEdit gives a bullet another value.
func metricEdit(t *Record, m Metric, value string) Edit {
	at := m.Value.Span
	if at.Start > 0 && !strings.ContainsRune(" \t", rune(t.Source[at.Start-1])) {
		value = " " + value
	}
	return Edit{at, value}
}

// notesSections are the sections that each record has, in order.
var notesSections = []struct {
	kind  NoteKind
	title string
}{
	{Well, "What Went Well"},
	{Issues, "Issues Encountered"},
	{Lessons, "Lessons Learned"},
	{Tips, "Tips for Next Deployment"},
	{Metrics, "Deployment Metrics"},
}

// notesEdit adds the notes sections that the template lacks: to its section
// "Deployment Notes", or with such a section at the end.
func notesEdit(t *Record, d Draft) Edit {
	at, level, found := notesEnd(t)
	var b strings.Builder
	if !found {
		level = 2
		b.WriteString("## Deployment Notes\n\n")
	}
	missing := false
	for _, s := range notesSections {
		if slices.ContainsFunc(t.Sections, func(has Section) bool { return has.Kind == s.kind }) {
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
	return spaced(t, at, strings.TrimRight(b.String(), "\n"))
}

// notesEnd finds where the section "Deployment Notes" ends, or the template. The
// metrics stay the last of the notes.
func notesEnd(t *Record) (end, level int, found bool) {
	for _, s := range t.Sections {
		if found && (s.Level <= level || s.Kind == Metrics) {
			return s.Span.Start, level, true
		}
		if text.Fold(s.Title) == "deployment notes" {
			level, found = s.Level, true
		}
	}
	return t.Document.Body.End, level, found
}

// spaced is an edit that puts blocks of text between empty lines.
func spaced(t *Record, at int, content string) Edit {
	before := bytes.ReplaceAll(t.Source[t.Document.Body.Start:at], []byte("\r\n"), []byte("\n"))
	for len(before) > 0 && !bytes.HasSuffix(before, []byte("\n\n")) {
		before = append(before, '\n')
		content = "\n" + content
	}
	content += "\n"
	if at < t.Document.Body.End {
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
