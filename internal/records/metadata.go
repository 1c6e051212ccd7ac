package records

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// LabelledLine is a line such as "- **Operator**: ada" or "Deployed By: ada".
type LabelledLine struct {
	Label string
	Value string    // plain
	Span  text.Span // the value as written

	line text.Span // from the label's markup to the value's end
}

// labelLine is a label, bold or not, a colon and the rest of the line. A plain
// colon must end a word, or "https://" were a label.
var labelLine = regexp.MustCompile(`^\s*(?:(?:\*\*|__)\s*([^*|<>\x60\[\]]{1,60}?)\s*(?:(?:\*\*|__)\s*:|:\s*(?:\*\*|__))|([^*|<>\x60\[\]:]{1,40}?)\s*:(?:\s|$))[ \t]*(.*?)\s*$`)

// Labelled lists the labelled lines on top of a record, whatever the labels:
// those that stand below its first heading, up to the next one. It needs the
// record's tree.
func (r *Record) Labelled() (lines []LabelledLine) {
	if r.Document.Root == nil {
		return nil
	}
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if _, isHeading := n.(*ast.Heading); isHeading && n.PreviousSibling() != nil {
			break
		}
		lines = append(lines, labelledIn(n, r.Source)...)
	}
	return lines
}

// labelledIn reads the labelled lines of a block: the first line of each list
// item, and each line of a paragraph. Lines without a label continue the value
// before them.
func labelledIn(n ast.Node, source []byte) (found []LabelledLine) {
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return labelledLines(n, source)
	case *ast.List:
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			found = append(found, labelledItem(item, source)...)
		}
	}
	return found
}

// labelledItem reads a list item: its first block has the label, the blocks
// after it belong to the value.
func labelledItem(item ast.Node, source []byte) []LabelledLine {
	first := item.FirstChild()
	if first == nil || first.Type() != ast.TypeBlock {
		return nil
	}
	found := labelledLines(first, source)
	if len(found) == 0 {
		return nil
	}
	last := &found[len(found)-1]
	parts := []string{last.Value}
	for more := first.NextSibling(); more != nil; more = more.NextSibling() {
		parts = append(parts, plain(more, source))
	}
	last.Value = strings.TrimSpace(strings.Join(parts, " "))
	return found
}

func labelledLines(n ast.Node, source []byte) (found []LabelledLine) {
	lines, afterBold := n.Lines(), false
	for i := range lines.Len() {
		line := lines.At(i)
		l, bold, ok := parseLabelled(source, text.Span{Start: line.Start, End: line.Stop})
		if ok && (bold || !afterBold || knownLabel(l.Label)) { // a colon in the value of a bold label is none of a label
			afterBold = bold
			found = append(found, l)
		} else if len(found) > 0 {
			found[len(found)-1].continueTo(line.Start + len(bytes.TrimRight(source[line.Start:line.Stop], " \t\r\n")))
		}
	}
	for i := range found {
		found[i].Value = plainLine(string(source[found[i].Span.Start:found[i].Span.End]))
	}
	return found
}

// continueTo adds the lines up to an offset to the value.
func (l *LabelledLine) continueTo(end int) { l.Span.End, l.line.End = end, end }

// parseLabelled reads one line of the text, all but the plain value.
func parseLabelled(content []byte, line text.Span) (l LabelledLine, bold, ok bool) {
	var m []int
	written := bytes.TrimRight(content[line.Start:line.End], "\r\n") // an empty value stands before them
	if bytes.IndexByte(written, ':') >= 0 {                          // most lines are done with here
		m = labelLine.FindSubmatchIndex(written)
	}
	if m == nil {
		return LabelledLine{}, false, false
	}
	group := func(i int) text.Span { return text.Span{Start: line.Start + m[2*i], End: line.Start + m[2*i+1]} }
	bold = m[2] >= 0
	name := group(2)
	if bold {
		name = group(1)
	}
	l = LabelledLine{Label: string(content[name.Start:name.End]), Span: group(3)}
	l.line = text.Span{Start: line.Start, End: l.Span.End}
	return l, bold, true
}

var (
	inlineLink = regexp.MustCompile(`!?\[([^\[\]]*)\]\([^()\s]*\)`)
	comment    = regexp.MustCompile(`<!--.*?-->`)
	markup     = strings.NewReplacer("**", "", "`", "", "<", "", ">", "")
)

// plainLine is a value without its markup. It works on the text, because the
// tree does not tell where a value begins.
func plainLine(s string) string {
	if strings.ContainsAny(s, "<[*`>") {
		s = comment.ReplaceAllString(s, "")
		s = inlineLink.ReplaceAllString(s, "$1")
		s = markup.Replace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// metrics keeps the labelled lines of a metrics section.
func (p *parse) metrics(n ast.Node) {
	for _, l := range labelledIn(n, p.text) {
		p.addMetric(l)
	}
}

// metadata keeps the lines before the first step whose labels are known: there,
// "Note: …" is no metadata.
func (p *parse) metadata(n ast.Node) {
	if len(p.r.Steps) > 0 && blockStart(n) >= p.r.Steps[0].Span.Start {
		return
	}
	for _, l := range labelledIn(n, p.text) {
		if len(p.r.Steps) > 0 && l.line.Start >= p.r.Steps[0].Span.Start {
			return
		}
		if knownLabel(l.Label) {
			p.addMetric(l)
		}
	}
}

func (p *parse) addMetric(l LabelledLine) {
	value := Text{Value: l.Value, Span: l.Span, From: FromBody}
	if IsPlaceholder(l.Value) {
		value.Value = ""
	}
	p.r.Metrics = append(p.r.Metrics, Metric{Label: l.Label, Value: value, Span: l.line})
	if !value.IsZero() {
		p.facts.add(labels[text.Fold(l.Label)], value, string(p.text[l.line.Start:l.line.End]))
	}
}

// fact names what a label stands for.
type fact string

const (
	factDeployer, factService, factEnvironment fact = "deployer", "service", "environment"
	factVersion, factCommit, factBranch        fact = "version", "commit", "branch"
	factStart, factStartTime                   fact = "start", "start time"
	factEnd, factDuration                      fact = "end", "duration"
	factStatus, factRollbackOf                 fact = "status", "rollback of"
)

// labels are the folded labels that say something about the deployment.
var labels = map[string]fact{
	"operator": factDeployer, "deployer": factDeployer, "deployers": factDeployer, "deployed by": factDeployer,
	"author": factDeployer, "operators": factDeployer,
	"service": factService, "services": factService, "project": factService, "app": factService, "application": factService,
	"environment": factEnvironment, "env": factEnvironment, "target environment": factEnvironment,
	"version": factVersion, "release": factVersion, "release version": factVersion,
	"commit": factCommit, "git commit": factCommit, "commit sha": factCommit, "sha": factCommit, "git sha": factCommit, "commit hash": factCommit,
	"branch": factBranch, "git branch": factBranch,
	"start": factStart, "start time": factStart, "started": factStart, "started at": factStart, "date": factStart,
	"deployment date": factStart, "deployment start": factStart, "date time": factStart,
	"time": factStartTime,
	"end":  factEnd, "end time": factEnd, "ended": factEnd, "ended at": factEnd, "finished": factEnd, "finished at": factEnd,
	"finish time": factEnd, "completed": factEnd, "completed at": factEnd, "deployment end": factEnd,
	"duration": factDuration, "total duration": factDuration,
	"status": factStatus, "success": factStatus, "success status": factStatus, "outcome": factStatus, "result": factStatus,
	"deployment status": factStatus, "final status": factStatus,
	"rollback of": factRollbackOf,
}

func knownLabel(label string) bool { return labels[text.Fold(label)] != "" }

// facts are the first values of the body's metadata.
type facts struct {
	values  map[fact]Text
	Status  Status
	Line    string // that the status comes from
	unclear []Text // status lines that say nothing
}

func (f *facts) add(name fact, value Text, line string) {
	if name == "" {
		return
	}
	if name == factStatus {
		f.addStatus(value, line)
		return
	}
	if f.values == nil {
		f.values = map[fact]Text{}
	}
	if _, seen := f.values[name]; !seen {
		f.values[name] = value
	}
}

// addStatus lets the last line win: metrics stand below the metadata that were
// written at the start.
func (f *facts) addStatus(value Text, line string) {
	status, ok := ParseOutcome(value.Value)
	if !ok {
		if len(f.unclear) < 10 {
			f.unclear = append(f.unclear, value)
		}
		return
	}
	f.Status, f.Line = status, plainLine(line)
}

// fill sets what the front matter left open, but for the end.
func (f *facts) fill(p *parse) {
	r := p.r
	for name, target := range map[fact]*Text{
		factEnvironment: &r.Environment, factVersion: &r.Version, factCommit: &r.Commit,
		factBranch: &r.Branch, factRollbackOf: &r.RollbackOf,
	} {
		if target.IsZero() {
			*target = f.values[name]
		}
	}
	if len(r.Deployers) == 0 {
		r.Deployers = p.splitNames(f.values[factDeployer], bodyNames)
	}
	if len(r.Services) == 0 {
		r.Services = p.splitNames(f.values[factService], listNames)
	}
	if r.Started.IsZero() {
		r.Started = f.start(p)
	}
	if p.opt.checklist || r.StatusFrom == FromFrontMatter {
		return // what else is called a status is not the deployment's
	}
	for _, value := range f.unclear {
		p.r.report(value.Span.Start, problem.Warning, statusHint(), "the status “%s” is not known", text.OneLine(value.Value, 60))
	}
}

// start is the start as written. A clock time alone is one on the day of the
// file's name; a date alone gets the clock time of its own line.
func (f *facts) start(p *parse) Moment {
	if p.opt.checklist {
		return Moment{}
	}
	value := f.values[factStart]
	if t, ok := parseClock(trimMarks(value.Value), p.named.Time); ok && !p.named.IsZero() {
		return Moment{Time: t, Span: value.Span, From: FromBody, Local: true}
	}
	m := p.bodyTime(value, time.Time{})
	if clock, ok := f.values[factStartTime]; ok && m.DateOnly {
		if t, ok := parseClock(trimMarks(clock.Value), m.Time); ok {
			m.Time, m.DateOnly = t, false
		}
	}
	return m
}

// fillEnd sets the end, once the start is known: as written, or by the exact
// duration.
func (f *facts) fillEnd(p *parse) {
	r := p.r
	if r.Finished.IsZero() {
		r.Finished = f.end(p)
	}
	if r.Finished.Local && !r.Started.IsZero() { // the end is written by the clock that the start was
		r.Finished.Time, r.Finished.Local = onClock(r.Finished.Time, r.Started.Time.Location()), r.Started.Local
	}
}

func (f *facts) end(p *parse) Moment {
	start := p.r.Started
	if p.opt.checklist {
		return Moment{}
	}
	if end := p.bodyTime(f.values[factEnd], start.Time); !end.IsZero() {
		return end
	}
	if d, ok := ParseDuration(trimMarks(f.values[factDuration].Value)); ok && !start.IsZero() && !start.DateOnly {
		return Moment{Time: start.Time.Add(d), Span: f.values[factDuration].Span, From: FromBody, Local: start.Local}
	}
	return Moment{}
}

// bodyTime reads a time of the metadata. A clock time alone is one after start.
func (p *parse) bodyTime(value Text, start time.Time) Moment {
	if value.IsZero() {
		return Moment{}
	}
	s := trimMarks(value.Value)
	if t, ok := parseClock(s, start); ok {
		if start.IsZero() {
			return Moment{}
		}
		if t.Before(start) {
			t = t.AddDate(0, 0, 1)
		}
		return Moment{Time: t, Span: value.Span, From: FromBody, Local: true}
	}
	t, dateOnly, err := ParseTime(s, p.loc)
	if err != nil {
		p.r.report(value.Span.Start, problem.Warning, timeHint, "“%s” %v", text.OneLine(s, 60), err)
		return Moment{}
	}
	return Moment{Time: t, Span: value.Span, From: FromBody, DateOnly: dateOnly, Local: !hasZone(s)}
}

const timeHint = "write it as 2024-08-31T14:30:00+02:00"

// trimMarks is a value without the marks before and behind it.
func trimMarks(s string) string {
	if _, n, ok := ParseMark(s); ok {
		s = s[n:]
	}
	if _, start, ok := endMark(s); ok {
		s = s[:start]
	}
	return strings.TrimSpace(s)
}

var (
	listNames = regexp.MustCompile(`\s*,\s*`)
	bodyNames = regexp.MustCompile(`\s*(?:,|&|\band\b)\s*`)
)

// splitNames parts a list that is written in one value, each name with its own
// place.
func (p *parse) splitNames(t Text, separator *regexp.Regexp) (names []Text) {
	from := 0
	written := p.text[t.Span.Start:t.Span.End]
	for _, name := range separator.Split(t.Value, -1) {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		span := t.Span
		if i := bytes.Index(written[from:], []byte(name)); i >= 0 && t.Value != name {
			span = text.Span{Start: t.Span.Start + from + i, End: t.Span.Start + from + i + len(name)}
			from += i + len(name)
		}
		names = append(names, Text{Value: name, Span: span, From: t.From})
	}
	return names
}
