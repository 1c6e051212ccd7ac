package records

import (
	"bytes"
	"cmp"
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
	RollbackOf  string // ID
	Fixes       string // ID
	ApprovedBy  []string

	Back string // the way from the record's folder to the template's: "../../docs"; "" keeps links as they are
}

// DefaultTitle is a title of what is known: service, version and environment.
func (d Draft) DefaultTitle() string {
	if len(d.Services) == 0 && d.Version == "" && d.Environment == "" {
		return "Deployment of " + d.Started.Format(time.DateOnly)
	}
	return TitleOf(strings.Join(d.Services, ", "), d.Version, d.Environment)
}

// TitleOf is a title of the facts that are known.
func TitleOf(service, version, environment string) string {
	title := cmp.Or(text.Join(" ", service, version), "Deployment")
	if environment != "" {
		title += " to " + environment
	}
	return title
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
//   - front matter on top, with those keys of the template that are not about itself;
//   - the title in the first heading of level 1;
//   - what is known in the metrics' empty bullets;
//   - the notes sections that the template lacks;
//   - an open box for each step of a template without marks, see [ParseTemplate];
//   - relative links as they are from the record's folder, see [Moved].
//
// What the template says of itself is not the deployment's: steps that are marked in
// it are opened, and the value of a labelled line, such as a version, is replaced by
// what is known of the deployment, or taken away. The rest of the template stays byte
// for byte. New lines end like the template's first one.
func Compose(template []byte, d Draft) ([]byte, error) {
	sum := sha256.Sum256(template)
	template = Moved(template, d.Back)
	c := composer{layout{Parse("template.md", template, Options{checklist: true})}, d, sum}
	_, boxes := withBoxes(c.Record)
	edits := append(c.metrics(), c.front(), c.title(), c.notes())
	edits = append(edits, boxesAt(boxes)...)
	for i := range edits {
		edits[i].Text = withLineEnds(edits[i].Text, template)
	}
	content, err := apply(template, apart(edits)...)
	if err != nil {
		return nil, err
	}
	return c.cleared(content)
}

// cleared is a record without what the template says of itself. It is read anew until
// nothing is left: under the new title other lines tell facts, and in HTML the next
// mark may be one only when the first is gone.
func (c composer) cleared(content []byte) ([]byte, error) {
	for range 4 {
		c.layout = layout{Parse("template.md", content, Options{checklist: true})}
		next, err := apply(content, apart(append(c.claimed(), c.opened()...))...)
		if err != nil || bytes.Equal(next, content) {
			return next, err
		}
		content = next
	}
	return content, nil
}

// apart leaves out those edits that lie within an earlier one: a box in the title,
// a mark in a value that is taken away.
func apart(edits []Edit) (kept []Edit) {
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	end := 0
	for _, e := range edits {
		if e.Span.Start >= end || e.Span.Start == e.Span.End && e.Span.Start == end {
			kept = append(kept, e)
			end = max(end, e.Span.End)
		}
	}
	return kept
}

// opened opens the steps that are marked in a template.
func (c composer) opened() (edits []Edit) {
	for _, s := range c.Steps {
		m := marking{c.layout, s, s}
		m.is.State, m.is.At, m.is.By = Pending, time.Time{}, ""
		if !c.isOpen(s) {
			m.was.State = "" // as if it had another one
		}
		switch {
		case isHTML(c.written(s.Mark)):
			edits = append(edits, m.ways()[0]...)
		case isStruckOut(Pending.Mark(), c.written(s.Own)):
			edits = append(edits, m.edits(markStyle{mark: unstruck(Pending)})...)
		default:
			edits = append(edits, m.edits(markStyle{mark: Pending.Mark()})...)
		}
	}
	return edits
}

// claimed replaces what a template says of itself by what is known of the
// deployment, or takes it away. The service stays: a checklist is of one. So do
// choices such as "[ ] staging [ ] production", or "yes/no", which are the form's.
func (c composer) claimed() (edits []Edit) {
	known := c.draft.facts()
	for _, says := range c.claims {
		if says.fact == factService || isChoice(says) {
			continue
		}
		at, value := says.value.Span, text.OneLine(known[says.fact], 200)
		if bytes.IndexByte(c.Source[lineStart(c.Source, at.Start):at.Start], '|') >= 0 {
			value = strings.ReplaceAll(value, "|", `\|`)
		}
		if value == "" {
			at.Start -= len(c.Source[:at.Start]) - len(bytes.TrimRight(c.Source[:at.Start], " \t"))
		}
		if says.below != nil {
			at.End = c.BlockSpan(says.below).End
			at.End -= len(c.Source[at.Start:at.End]) - len(bytes.TrimRight(c.Source[at.Start:at.End], " \t\r\n"))
			value = strings.TrimRight(" "+value, " ")
		}
		edits = append(edits, Edit{at, value})
	}
	return edits
}

// isChoice tells a value that offers several.
func isChoice(c claim) bool {
	if _, is := choice(c.value.Value); is {
		return true
	}
	_, clear := ParseOutcome(c.value.Value)
	return c.fact == factStatus && !clear && strings.ContainsAny(c.value.Value, "/|")
}

// withLineEnds gives text the line ends of a file.
func withLineEnds(text string, template []byte) string {
	if first := bytes.IndexByte(template, '\n'); first > 0 && template[first-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// composer makes a record from a template and a draft. Most methods are edits of the
// template.
type composer struct {
	layout
	draft Draft
	sum   [sha256.Size]byte // of the template as it is
}

// front replaces the template's front matter, and its byte order mark.
func (c composer) front() Edit {
	end := c.Document.Body.Start
	content := "---\n" + c.frontMatter() + "---\n"
	if !bytes.HasPrefix(bytes.TrimLeft(c.Source[end:], "\r"), []byte("\n")) {
		content += "\n"
	}
	return Edit{text.Span{Start: 0, End: end}, content}
}

// frontMatter is the block without its delimiters.
func (c composer) frontMatter() string {
	var b strings.Builder
	set := map[string]bool{}
	write := func(key, yaml string) {
		if yaml != "" {
			set[key] = true
			fmt.Fprintf(&b, "%s: %s\n", key, yaml)
		}
	}
	write("title", frontmatter.YAMLText(c.draft.Title))
	write("date", c.draft.Started.Format(offsetLayout))
	write("service", frontmatter.YAMLTexts(c.draft.Services))
	write("environment", frontmatter.YAMLText(c.draft.Environment))
	write("version", frontmatter.YAMLText(c.draft.Version))
	write("commit", frontmatter.YAMLText(c.draft.Commit))
	write("branch", frontmatter.YAMLText(c.draft.Branch))
	write("deployer", frontmatter.YAMLTexts(c.draft.Deployers))
	write("status", string(InProgress))
	write("tags", frontmatter.YAMLList(c.draft.Tags))
	write("rollback_of", frontmatter.YAMLText(c.draft.RollbackOf))
	write("fixes", frontmatter.YAMLText(c.draft.Fixes))
	write("approved_by", frontmatter.YAMLTexts(c.draft.ApprovedBy))
	write("template", fmt.Sprintf("sha256:%x", c.sum))
	for i, f := range c.FrontMatter.Fields {
		if k := keyOf(f.Name); (k == nil || !set[k.name]) && !c.isForms(f) {
			b.WriteString(c.carriedOver(i))
		}
	}
	return b.String()
}

// isForms reports whether a field of a template's front matter is about the
// template. Those with a meaning here are, but for tags and links, and for those
// that are left empty to be filled in; so is what a forge reads of the template of
// an issue, and what documents have for their own sake.
func (c composer) isForms(f frontmatter.Field) bool {
	name := underscores.Replace(strings.ToLower(f.Name))
	if c.isIssueTemplate() && slices.Contains(issueKeys, name) {
		return true
	}
	if f.Value.Kind == frontmatter.Null {
		return false
	}
	k := keyOf(f.Name)
	return k != nil && k.name != "tags" && k.name != "links" || documentKeys[name]
}

// isIssueTemplate tells a template that a forge offers for new issues: it has to
// have these two keys.
func (r *Record) isIssueTemplate() bool {
	_, named := r.FrontMatter.Field("name")
	_, told := r.FrontMatter.Field("about")
	return named && told
}

// issueKeys are the keys that forges read of such a template.
var issueKeys = []string{"name", "about", "title", "labels", "assignees", "type", "projects", "ref"}

// documentKeys say who cares for a document, how old it is and where it stands.
var documentKeys = text.Set(`owner, owners, maintainer, maintainers, reviewer, reviewers, reviewed_by,
	updated, updated_at, updated_by, last_updated, lastmod, last_modified, last_modified_at, modified, reviewed, last_reviewed, review_date, next_review, created, created_at,
	revision, document_version, doc_version, description, summary, layout, permalink, slug, aliases, weight, order, nav_order, parent, has_children,
	sidebar_position, sidebar_label, sidebar, toc, draft`)

// carriedOver is the i-th field of the template's front matter in YAML: as it is
// written there, with its comments, if it has lines of its own.
func (c composer) carriedOver(i int) string {
	front, f := c.FrontMatter, c.FrontMatter.Fields[i]
	closing := bytes.LastIndexByte(bytes.TrimRight(c.Source[:front.Span.End], "\r\n"), '\n') + 1
	end := closing
	if i+1 < len(front.Fields) {
		end = front.Fields[i+1].NameSpan.Start
	}
	if front.Format == "yaml" && beginsLine(c.Source, f.NameSpan.Start) && beginsLine(c.Source, end) {
		return strings.ReplaceAll(string(c.Source[f.NameSpan.Start:end]), "\r\n", "\n")
	}
	return strings.TrimRight(frontmatter.YAMLText(f.Name)+": "+frontmatter.YAMLValue(f.Value), " ") + "\n"
}

func beginsLine(source []byte, at int) bool { return at > 0 && source[at-1] == '\n' }

// title writes the title into the first heading of level 1, or on top.
func (c composer) title() Edit {
	for _, s := range c.Sections {
		if s.Level == 1 && s.Kind == NoNote {
			s.Span.End = s.Span.Start + len(bytes.TrimRight(c.Source[s.Span.Start:s.Span.End], "\r\n"))
			return Edit{s.Span, heading(1, c.draft.Title)}
		}
	}
	top := c.Document.Body.Start
	top += len(c.Source[top:]) - len(bytes.TrimLeft(c.Source[top:], "\r\n"))
	return Edit{text.Span{Start: top, End: top}, heading(1, c.draft.Title) + "\n\n"}
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

// metrics fill the metrics that are empty in the template.
func (c composer) metrics() []Edit { return c.fillMetrics(c.draft.facts()) }

// facts are what is known, by the labels' facts.
func (d Draft) facts() map[fact]string {
	return map[fact]string{
		factStart:       d.Started.Format(clockLayout),
		factDeployer:    strings.Join(d.Deployers, ", "),
		factApprover:    strings.Join(d.ApprovedBy, ", "),
		factService:     strings.Join(d.Services, ", "),
		factEnvironment: d.Environment,
		factVersion:     d.Version,
		factCommit:      d.Commit,
		factBranch:      d.Branch,
	}
}

// notes adds the notes sections that the template lacks: to its section
// "Deployment Notes", or with such a section at the end.
func (c composer) notes() Edit {
	at, level, found := c.notesEnd()
	var b strings.Builder
	if !found {
		level = 2
		b.WriteString("## Deployment Notes\n\n")
	}
	missing := false
	for _, kind := range notesSections {
		if slices.ContainsFunc(c.Sections, func(has Section) bool { return has.Kind == kind }) {
			continue
		}
		missing = true
		b.WriteString(heading(min(level+1, 6), kind.Section()) + "\n\n")
		if kind == Metrics {
			b.WriteString(emptyMetrics(c.draft) + "\n")
		}
	}
	if !missing {
		return Edit{}
	}
	return c.spaced(at, strings.TrimRight(b.String(), "\n"))
}

// spaced is an edit that puts blocks of text between empty lines.
func (c composer) spaced(at int, content string) Edit {
	before := bytes.ReplaceAll(c.Source[c.Document.Body.Start:at], []byte("\r\n"), []byte("\n"))
	for len(before) > 0 && !bytes.HasSuffix(before, []byte("\n\n")) {
		before = append(before, '\n')
		content = "\n" + content
	}
	content += "\n"
	if at < c.Document.Body.End {
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
