package importer

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// section is a heading with what stands below it.
type section struct {
	level    int    // 0 is the whole file; 7 a line in bold that stands for a heading
	title    string // plain
	start    int    // offset of the heading
	ownEnd   int    // where the next heading begins, of whichever level
	end      int    // where the section ends
	children []*section

	at      stamp // the date in the title
	dateErr error // errNoDate, or why the date cannot be read
	leads   bool  // the date comes first, or only words such as "Deployment" come before it
}

func (s *section) dated() bool { return !errors.Is(s.dateErr, errNoDate) }

// readLog reads a Markdown file with a section, a list item or a table row for
// each deployment.
func readLog(r *Reading, source int) {
	defer r.settleOrder(source)()
	l := &logReader{r: r, source: source, data: r.Sources[source].Data, opt: r.opt}
	root := l.outline()
	if root.start > len(string(text.ByteOrderMark)) {
		r.leave(source, text.Span{Start: 0, End: root.start}, Text, "", "the file's own front matter")
	}
	first := len(r.Drafts)
	l.section(root)
	if drafts := r.Drafts[first:]; len(drafts) > 0 && newestFirst().Match(l.data[:drafts[0].Parts[0].Span.Start]) {
		for _, d := range drafts {
			d.newestFirst = true
		}
	}
	r.joinOverview(first)
}

// newestFirst matches what the top of a log says of its order.
var newestFirst = text.Pattern(`(?i)\b(?:newest|latest|most recent)(?: \pL+)? (?:is |are |at )?(?:the )?(?:first|on top|top)\b|reverse[- ]chronological|\bneue(?:ste)?[ns]?(?: \pL+)? (?:zuerst|oben)|plus récente?s? (?:d'abord|en premier|en haut)|新しい順`)

type logReader struct {
	r      *Reading
	source int
	data   []byte
	opt    Options

	incident bool // the file tells of an incident
}

// outline is the tree of headings.
func (l *logReader) outline() *section {
	all := l.headings()
	root := all[0]
	open := []*section{root}
	for i, s := range all {
		l.incident = l.incident || records.IsIncidentTitle(s.title) || incidentPart().MatchString(s.title)
		s.ownEnd, s.end = len(l.data), len(l.data)
		if i+1 < len(all) {
			s.ownEnd = all[i+1].start
		}
		if i == 0 {
			continue
		}
		for len(open) > 1 && open[len(open)-1].level >= s.level {
			open[len(open)-1].end = s.start
			open = open[:len(open)-1]
		}
		parent := open[len(open)-1]
		parent.children = append(parent.children, s)
		open = append(open, s)
		s.at, s.dateErr = findDate(s.title, l.opt)
		s.leads = s.dated() && isGeneric(s.title[:s.at.start])
	}
	for _, s := range all {
		l.takeBelow(s)
	}
	return root
}

// takeBelow puts headings that have a hash too few below the deployment that they follow:
// it has no text of its own, and other deployments have such a heading below theirs.
func (l *logReader) takeBelow(parent *section) {
	known := map[string]bool{}
	for _, s := range parent.children {
		for _, below := range s.children {
			known[text.Fold(below.title)] = known[text.Fold(below.title)] || s.leads
		}
	}
	var kept []*section
	for rest := parent.children; len(rest) > 0; {
		s := rest[0]
		kept, rest = append(kept, s), rest[1:]
		if !s.leads || len(s.children) > 0 || bytes.ContainsAny(core(l.data[s.start:s.end]), "\n") {
			continue
		}
		n := 0
		for n < len(rest) && rest[n].level == s.level && !rest[n].dated() {
			n++
		}
		if slices.ContainsFunc(rest[:n], func(next *section) bool { return known[text.Fold(next.title)] }) {
			s.children, s.end, rest = rest[:n:n], rest[n-1].end, rest[n:]
		}
	}
	parent.children = kept
}

// incidentPart is a heading that a document on an incident has, and a log has not.
var incidentPart = text.Pattern(`(?i)^[^\pL]*(?:root causes?|contributing factors|(?:5|five) whys|ursachen?|grundursachen?|causes? racines?|facteurs contributifs|causas? ra[ií]z|factores contribuyentes|fatores contribuintes|cause principali|oorzaken)\b|^[^\pL]*(?:根本原因|根因|근본 원인|первопричин)`)

// headings lists the headings of the file in order, after the root.
func (l *logReader) headings() []*section {
	starts := cut(l.data)
	all := []*section{{start: starts[0], dateErr: errNoDate}}
	for i, start := range starts {
		end := len(l.data)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		all = append(all, l.headingsIn(start, end)...)
	}
	return all
}

// headingsIn lists the headings of a piece of the file, which has at most one with
// hashes, at its begin. Of a piece that cannot be parsed, that heading alone counts.
func (l *logReader) headingsIn(start, end int) (found []*section) {
	piece := l.data[start:end]
	r := &records.Record{}
	if len(piece) <= records.MaxSize {
		r = records.Parse("piece.md", piece, records.Options{})
	}
	root := r.Document.Root
	if root == nil {
		if level, title := atxHeading(piece); level > 0 {
			found = append(found, &section{level: level, title: title, start: start})
		}
		return found
	}
	byNode := map[ast.Node]records.Section{}
	for _, s := range r.Sections {
		byNode[s.Node] = s
	}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if s, ok := byNode[n]; ok {
			found = append(found, &section{level: s.Level, title: s.Title, start: start + s.Span.Start})
		} else if title, ok := l.boldLine(r, n); ok {
			found = append(found, &section{level: 7, title: title, start: start + r.BlockSpan(n).Start})
		} else {
			found = append(found, l.boldDates(n, piece, start)...)
		}
	}
	return found
}

// boldLine reads a paragraph that is one bold line with a date, as some write
// instead of a heading.
func (l *logReader) boldLine(r *records.Record, n ast.Node) (title string, ok bool) {
	p, isParagraph := n.(*ast.Paragraph)
	if !isParagraph || p.Lines().Len() != 1 || p.ChildCount() != 1 {
		return "", false
	}
	if strong, isStrong := p.FirstChild().(*ast.Emphasis); !isStrong || strong.Level != 2 {
		return "", false
	}
	title = r.Plain(p)
	at, err := findDate(title, l.opt)
	return title, !errors.Is(err, errNoDate) && isGeneric(title[:at.start])
}

var boldDate = text.Pattern(`^ {0,3}\*\*([^*]+)\*\*[ \t]+([^\r\n]+)`)

// boldDates lists the lines of a paragraph that begin with a date in bold, and say of a
// version or an outcome: a deployment in a line. Others tell what happened when.
func (l *logReader) boldDates(n ast.Node, piece []byte, start int) (found []*section) {
	p, ok := n.(*ast.Paragraph)
	for i := 0; ok && i < p.Lines().Len(); i++ {
		line := p.Lines().At(i)
		m := boldDate().FindSubmatch(line.Value(piece))
		if m == nil {
			continue
		}
		date, rest := strings.TrimRight(string(m[1]), ": "), strings.TrimSpace(strings.ToValidUTF8(string(m[2]), "\ufffd"))
		at, err := findDate(date, l.opt)
		if !errors.Is(err, errNoDate) && isGeneric(date[:at.start]) && (versionIn(rest) != "" || titleStatus(rest) != "") {
			found = append(found, &section{level: 7, title: date + " " + rest, start: start + line.Start})
		}
	}
	return found
}

// section reads a section as a deployment, or as text around deployments. A title
// that only mentions a date, such as that of the whole log, makes no deployment where
// headings below begin with a date.
func (l *logReader) section(s *section) {
	switch {
	case s.dated() && (s.leads || !hasLeading(s)):
		l.deployment(s)
	case s.dated(), !l.labelled(s):
		l.around(s)
	}
}

// deployment makes drafts of a section with a date, and of those below it that
// are deployments of their own: on another day, or at times of this one.
func (l *logReader) deployment(s *section) {
	parts := timed(s)
	start := s.start
	if len(parts) < 2 { // or else the day's heading goes with the first
		parts = otherDays(s)
		end := s.end
		if len(parts) > 0 {
			end = parts[0].start
		}
		if s.dateErr != nil {
			l.unreadable(start, end, s.title, s.dateErr)
		} else {
			l.entry(start, end, s.title, s.at)
		}
		start = end
	}
	for i, c := range parts {
		c.start, c.end = start, s.end
		if i+1 < len(parts) {
			c.end = parts[i+1].start
		}
		start = c.end
		l.deployment(c)
	}
}

// otherDays are the headings below that begin with a date, but not with that of
// the section.
func otherDays(s *section) (found []*section) {
	for _, c := range s.children {
		if c.leads && (c.dateErr != nil || s.dateErr != nil || c.at.Time.Format(time.DateOnly) != s.at.Time.Format(time.DateOnly)) {
			found = append(found, c)
		}
	}
	return found
}

// hasLeading reports whether a heading below begins with a date.
func hasLeading(s *section) bool {
	return slices.ContainsFunc(s.children, func(c *section) bool { return c.leads || hasLeading(c) })
}

// timed are the headings below that of a day which begin with a clock time.
func timed(s *section) (found []*section) {
	if s.dateErr != nil || !s.at.DateOnly {
		return nil
	}
	for _, c := range s.children {
		at, ok := timeOnDay(s, c)
		if ok {
			c.at, c.dateErr = at, nil
			found = append(found, c)
		}
	}
	return found
}

// timeOnDay reads a heading such as "14:30 – hotfix", or one with the day's own
// date and a time.
func timeOnDay(day, s *section) (stamp, bool) {
	if s.dated() {
		same := s.dateErr == nil && s.leads && !s.at.DateOnly && s.at.Time.Format(time.DateOnly) == day.at.Time.Format(time.DateOnly)
		return s.at, same
	}
	if !clockAtStart().MatchString(s.title) {
		return stamp{}, false
	}
	date := day.at.Time.Format(time.DateOnly) + " "
	at, err := findDate(date+s.title, Options{Project: day.at.Time.Location()})
	if err != nil || at.DateOnly {
		return stamp{}, false
	}
	at.Local = day.at.Local && at.Local
	at.start, at.end = 0, at.end-len(date)
	return at, true
}

// labelled makes a deployment of a section that says its date in a line on top,
// such as "**Date:** 2024-08-31".
func (l *logReader) labelled(s *section) bool {
	if hasLeading(s) || s.level == 0 && len(s.children) > 0 || s.ownEnd-s.start > records.MaxSize {
		return false
	}
	r := records.Parse("piece.md", l.data[s.start:s.ownEnd], records.Options{})
	if r.Document.Root == nil { // too costly to lay out
		return false
	}
	lines := l.dateLines(r)
	if starts := entryStarts(r, lines); len(starts) >= 2 {
		l.entries(s, starts)
		return true
	}
	if len(lines) == 0 {
		return l.dayBelow(s, r)
	}
	l.dateLine(s.start, s.end, s.title, lines[0])
	return true
}

// dayBelow makes a deployment of a section with nothing but its date in the line below
// the heading, as in "_2024-06-20_" below a version.
func (l *logReader) dayBelow(s *section, r *records.Record) bool {
	if s.level == 0 || r.Document.Root == nil || r.Document.Root.FirstChild() == nil {
		return false
	}
	p, ok := r.Document.Root.FirstChild().NextSibling().(*ast.Paragraph)
	if !ok || p.Lines().Len() != 1 {
		return false
	}
	line := strings.Trim(r.Plain(p), " ()[].")
	at, err := findDate(line, l.opt)
	if err != nil || at.start > 0 || at.end < len(line) {
		return false
	}
	at.start, at.end = 0, 0
	l.entry(s.start, s.end, s.title, at)
	return true
}

// dateLines are the labelled lines on top of a section that hold its date.
func (l *logReader) dateLines(r *records.Record) (lines []records.LabelledLine) {
	for _, line := range r.Labelled() {
		if key := keyNames[text.Fold(line.Label)]; key.key != KeyDate || key.rank >= looseDates {
			continue
		}
		if _, err := findDate(line.Value, l.opt); !errors.Is(err, errNoDate) {
			lines = append(lines, line)
		}
	}
	return lines
}

// dateLine makes a deployment of a range with a line that says its date.
func (l *logReader) dateLine(start, end int, title string, line records.LabelledLine) {
	at, err := findDate(line.Value, l.opt)
	if err != nil {
		l.unreadable(start, end, line.Value, err)
		return
	}
	at.start, at.end = 0, 0
	l.entry(start, end, title, at)
}

// entryStart is where a deployment begins in a list of them, with the line that says
// its date.
type entryStart struct {
	offset int
	date   records.LabelledLine
}

// entryStarts are the list items and paragraphs that have the same label for a date,
// where several do: "- Date: 2024-08-31" again and again.
func entryStarts(r *records.Record, lines []records.LabelledLine) (starts []entryStart) {
	count, label := map[string]int{}, ""
	for _, line := range lines {
		name := text.Fold(line.Label)
		if count[name]++; count[name] == 2 && label == "" {
			label = name
		}
	}
	begin := func(span text.Span) {
		for _, line := range lines {
			if text.Fold(line.Label) == label && span.Start <= line.Span.Start && line.Span.Start <= span.End {
				starts = append(starts, entryStart{bytes.LastIndexByte(r.Source[:span.Start], '\n') + 1, line})
				return
			}
		}
	}
	for n := r.Document.Root.FirstChild(); n != nil && label != ""; n = n.NextSibling() {
		switch n.(type) {
		case *ast.List:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				begin(r.BlockSpan(item))
			}
		case *ast.Paragraph:
			begin(r.BlockSpan(n))
		}
	}
	return starts
}

// entries makes a deployment of each entry of a section, and leaves what stands
// before the first.
func (l *logReader) entries(s *section, starts []entryStart) {
	l.leftOver(s, text.Span{Start: s.start, End: s.start + starts[0].offset})
	for i, e := range starts {
		end := s.end
		if i+1 < len(starts) {
			end = s.start + starts[i+1].offset
		}
		l.dateLine(s.start+e.offset, end, "", e.date)
	}
}

// looseDates is the rank from which on the labels of dates are too vague for prose:
// anything may have been "created".
var looseDates = slices.Index(labels[KeyDate], "created at")

// entry makes a draft of a range of the file.
func (l *logReader) entry(start, end int, title string, at stamp) *Draft {
	content := l.data[start:end]
	line, _ := l.r.lines[l.source].Position(start)
	d := &Draft{
		Parts: []Part{{l.source, text.Span{Start: start, End: end}}}, File: l.r.Sources[l.source].Name, Line: line,
		ID: wordsID(content), Started: at.Moment, Body: content,
	}
	if at.lost != "" {
		l.r.remark(l.source, start, lostHint, "%s; only the date is used", at.lost)
	}
	at = d.untilDay(title, at, l.opt)
	l.facts(d, start)
	labelled := d.Title
	d.Title = titleWithout(title, at)
	said := titleStatus(d.Title)
	d.Status = cmp.Or(d.Status, said)
	d.Version = cmp.Or(d.Version, versionIn(d.Title))
	d.Environment = cmp.Or(d.Environment, environmentIn(d.Title))
	if d.Environment == "" && d.Version != "" {
		d.Environment = environmentAmong(d.Title)
	}
	if service := serviceIn(d.Title); len(d.Services) == 0 && service != "" {
		d.Services = []string{service}
	}
	if text.Fold(d.Title) == "to "+text.Fold(d.Environment) {
		d.Title = ""
	}
	if d.Title = cmp.Or(d.Title, labelled); generic[text.Fold(d.Title)] {
		d.Title = cmp.Or(labelled, d.Title)
	}
	l.r.Drafts = append(l.r.Drafts, d)
	return d
}

// unreadable refuses a deployment whose date cannot be read.
func (l *logReader) unreadable(start, end int, written string, err error) {
	hint := "write it as 2024-08-31"
	if errors.Is(err, errAmbiguous) {
		hint = orderHint
	}
	l.r.refuse(l.source, text.Span{Start: start, End: end}, hint, "the date in “%s” %v", text.OneLine(written, 60), err)
}

// around handles a section that is no deployment: the rows of deployments in its
// own text, and the sections below it.
func (l *logReader) around(s *section) {
	taken := l.rows(s)
	at := s.start
	for _, span := range append(taken, text.Span{Start: s.ownEnd, End: s.ownEnd}) {
		l.leftOver(s, text.Span{Start: at, End: span.Start})
		at = max(at, span.End)
	}
	for _, c := range s.children {
		l.section(c)
	}
}

// leftOver reports text that belongs to no deployment.
func (l *logReader) leftOver(s *section, span text.Span) {
	left := l.data[span.Start:span.End]
	if len(bytes.TrimSpace(bytes.TrimPrefix(left, text.ByteOrderMark))) == 0 {
		return
	}
	onlyHeading := span.Start == s.start && s.level > 0 && !bytes.ContainsAny(core(left), "\n")
	switch {
	case onlyHeading && (len(s.children) > 0 || span.End < s.ownEnd):
		l.r.leave(l.source, span, Layout, "", "a heading")
	case bytes.Contains(left, []byte("YYYY-MM-DD")):
		l.r.leave(l.source, span, Text, "docs/deployment-checklist.md is the place for it", "this looks like a template")
	case len(l.r.Drafts) == 0 && s.level <= 1:
		l.r.leave(l.source, span, Text, "docs/deployment-process.md is a place for what is still true", "text before the first deployment")
	default:
		l.r.leave(l.source, span, Text, "if it is a deployment, write its date there", "there is no date in the heading, nor in a line “Date: …” below it")
	}
}
