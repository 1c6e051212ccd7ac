package records

import (
	"bytes"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// key is a key of the front matter, with its aliases and the function that reads its
// value.
type key struct {
	name    string
	aliases []string
	read    func(p *parse, f frontmatter.Field)
}

// keys lists the known keys, in the order of the documentation.
var keys = []key{
	{"title", nil, oneText(func(r *Record) *Text { return &r.Title })},
	{"date", []string{"started", "start", "start_time", "started_at"}, (*parse).readStart},
	{"finished", []string{"end", "end_time", "ended", "finished_at"}, oneMoment(func(r *Record) *Moment { return &r.Finished })},
	{"status", nil, (*parse).readStatus},
	{"deployer", []string{"deployers", "deployed_by", "operator", "author", "authors"}, people(func(r *Record) *[]Text { return &r.Deployers })},
	{"service", []string{"services", "project", "app"}, textList(func(r *Record) *[]Text { return &r.Services })},
	{"environment", []string{"env"}, (*parse).readEnvironment},
	{"version", nil, oneText(func(r *Record) *Text { return &r.Version })},
	{"commit", []string{"sha", "commit_sha", "git_commit"}, oneText(func(r *Record) *Text { return &r.Commit })},
	{"branch", nil, oneText(func(r *Record) *Text { return &r.Branch })},
	{"tags", nil, textList(func(r *Record) *[]Text { return &r.Tags })},
	{"links", nil, (*parse).readLinks},
	{"rollback_of", nil, oneText(func(r *Record) *Text { return &r.RollbackOf })},
	{"fixes", []string{"hotfix_for"}, oneText(func(r *Record) *Text { return &r.Fixes })},
	{"approved_by", []string{"approver", "approvers"}, people(func(r *Record) *[]Text { return &r.ApprovedBy })},
	{"template", nil, oneText(func(r *Record) *Text { return &r.Template })},
	{"reading", nil, (*parse).readReading},
}

// Keys are the names and aliases of the known keys.
func Keys() []string { return slices.Sorted(maps.Keys(keyByName)) }

var underscores = strings.NewReplacer("-", "_", " ", "_")

// keyOf finds a key by its name or an alias. Case does not matter, and "-" is as good
// as "_".
func keyOf(name string) *key { return keyByName[underscores.Replace(strings.ToLower(name))] }

// keyByName finds the keys by their names and aliases.
var keyByName = func() map[string]*key {
	found := map[string]*key{}
	for i, k := range keys {
		for _, name := range append(k.aliases, k.name) {
			found[name] = &keys[i]
		}
	}
	return found
}()

// frontMatter reads the block on top of the file.
func (p *parse) frontMatter() {
	block, body, problems := frontmatter.Parse(p.text)
	if block.Format == "" && len(problems) == 0 {
		if late, behind, broken := frontmatter.ParseLate(p.text); late.Format != "" && p.hasKnownKey(late) {
			block, body, problems = late, behind, broken
		}
	}
	p.r.FrontMatter, p.r.Document.Body.Start = block, body
	for _, found := range problems {
		p.r.report(found.Offset, problem.BadFrontMatter, found.Hint, "%s", found.Message)
	}
	if !p.document {
		p.applyFrontMatter()
	}
}

// hasKnownKey reports whether a block has a key of ours. One that cannot be read
// begins with it.
func (p *parse) hasKnownKey(block frontmatter.Block) bool {
	if len(block.Fields) == 0 {
		_, inner, _ := strings.Cut(string(p.text[block.Span.Start:block.Span.End]), "\n")
		name, _, _ := strings.Cut(inner, ":")
		return keyOf(strings.TrimSpace(name)) != nil
	}
	return slices.ContainsFunc(block.Fields, func(f frontmatter.Field) bool { return keyOf(f.Name) != nil })
}

func (p *parse) readEnvironment(f frontmatter.Field) {
	if f.Value.Kind != frontmatter.List {
		oneText(func(r *Record) *Text { return &r.Environment })(p, f)
		return
	}
	textList(func(r *Record) *[]Text { return &r.Environments })(p, f)
	p.r.Environment = Text{Value: strings.Join(Values(p.r.Environments), ", "), Span: f.Value.Span, From: FromFrontMatter}
}

// wrote reports whether a field tells who wrote a postmortem.
func (p *parse) wrote(f frontmatter.Field) bool {
	if !writers[text.Fold(f.Name)] {
		return false
	}
	if p.isNamedIncident() {
		return true
	}
	if title, ok := p.r.FrontMatter.Field("title"); ok {
		return incidentTitle().MatchString(title.Value.Plain())
	}
	_, body, _ := bytes.Cut(p.text[p.r.Document.Body.Start:], []byte("# "))
	return incidentTitle().Match(text.FirstLine(body))
}

// applyFrontMatter sets the record's values from its fields. A key takes precedence
// over its aliases.
func (p *parse) applyFrontMatter() {
	chosen := map[*key]frontmatter.Field{}
	for _, f := range p.r.FrontMatter.Fields {
		k := keyOf(f.Name)
		if k == nil || k.name == "deployer" && p.wrote(f) {
			p.r.Extra = append(p.r.Extra, f)
			if k == nil {
				p.suggestKey(f)
			}
			continue
		}
		if p.opt.checklist && !slices.Contains(checklistKeys, k.name) {
			continue
		}
		if first, twice := chosen[k]; twice {
			kept, dropped := first, f
			if f.Name == k.name {
				kept, dropped = f, first
			}
			p.r.report(dropped.NameSpan.Start, problem.RepeatedKey, "remove one of them",
				"%s and %s mean the same; %s counts", kept.Name, dropped.Name, kept.Name)
			f = kept
		}
		chosen[k] = f
	}
	for i := range keys {
		if f, ok := chosen[&keys[i]]; ok && f.Value.Kind != frontmatter.Null {
			keys[i].read(p, f)
		}
	}
	if name, ok := p.r.FrontMatter.Field("name"); ok && p.opt.checklist && p.r.isIssueTemplate() {
		keyOf("title").read(p, name) // the title is that of new issues
	}
}

// checklistKeys mean in a checklist what they mean in a record. Others, such as a
// version, are about the checklist.
var checklistKeys = []string{"title", "tags", "links"}

// suggestKey warns of a key that looks like a typing mistake.
func (p *parse) suggestKey(f frontmatter.Field) {
	length := len([]rune(f.Name))
	limit := 2
	if length < 7 {
		limit = 1 // "statsu" may be "status", but "anchor" is not "author"
	}
	if length < 4 {
		return
	}
	best := ""
	for _, k := range keys {
		for _, name := range append([]string{k.name}, k.aliases...) {
			if d := text.EditDistance(strings.ToLower(f.Name), name); d <= limit {
				limit, best = d-1, name
			}
		}
	}
	if best != "" {
		p.r.report(f.NameSpan.Start, problem.UnknownKey, "write "+best+" if that is meant", "the key %s is not known", f.Name)
	}
}

func oneText(target func(*Record) *Text) func(*parse, frontmatter.Field) {
	return func(p *parse, f frontmatter.Field) {
		v := f.Value
		if v.Kind == frontmatter.List && len(v.Items) > 0 && v.Items[0].Kind == frontmatter.Scalar {
			if len(v.Items) > 1 {
				p.r.report(v.Span.Start, problem.BadValue, "write one value", "%s is a list; the first value counts", f.Name)
			}
			v = v.Items[0]
		}
		if v.Kind != frontmatter.Scalar {
			p.wrongType(f, "one value")
			return
		}
		*target(p.r) = scalarText(v)
	}
}

func scalarText(v frontmatter.Value) Text {
	// One line: with more, a name would write lines of its own into lists.
	t := Text{Value: strings.Join(strings.FieldsFunc(v.Text, func(r rune) bool { return r == '\n' || r == '\r' }), " "), Span: v.Span, From: FromFrontMatter}
	t.Value = strings.TrimSpace(t.Value)
	if t.Value == "" {
		return Text{}
	}
	return t
}

func textList(target func(*Record) *[]Text) func(*parse, frontmatter.Field) {
	return func(p *parse, f frontmatter.Field) {
		items := f.Value.Items
		switch f.Value.Kind {
		case frontmatter.Scalar:
			*target(p.r) = p.splitNames(Text{Value: f.Value.Text, Span: f.Value.Span, From: FromFrontMatter}, listNames())
			return
		case frontmatter.Map:
			p.wrongType(f, "one value or a list")
			return
		}
		var list []Text
		for _, item := range items {
			if item.Kind == frontmatter.Map || item.Kind == frontmatter.List {
				p.r.report(item.Span.Start, problem.BadValue, "write one value", "an entry of %s is not one value", f.Name)
			} else if t := scalarText(item); !t.IsZero() {
				list = append(list, t)
			}
		}
		*target(p.r) = list
	}
}

// people reads a list of people's names. One that is nothing but marks stays as it is
// written, unless it is a placeholder.
func people(target func(*Record) *[]Text) func(*parse, frontmatter.Field) {
	return func(p *parse, f frontmatter.Field) {
		textList(target)(p, f)
		for i := range *target(p.r) {
			name := &(*target(p.r))[i].Value
			if bare := personName(*name); bare != "" || IsPlaceholder(*name) {
				if bare == "" && strings.Trim(*name, "._*") == "" { // unlike a dash, it is not written for nobody
					p.r.report((*target(p.r))[i].Span.Start, problem.BadValue, "write a name, or leave it out", "%s: “%s” names nobody", f.Name, *name)
				}
				*name = bare
			}
		}
	}
}

func oneMoment(target func(*Record) *Moment) func(*parse, frontmatter.Field) {
	return func(p *parse, f frontmatter.Field) {
		written := p.scalar(f, "a time")
		if written == "" {
			return
		}
		m, err := ParseTime(p.decideDay(written), p.loc)
		if err != nil {
			p.r.report(f.Value.Span.Start, problem.BadTime, timeHint, "%s: “%s” %v", f.Name, text.OneLine(written, 60), err)
			return
		}
		m.Span, m.From = f.Value.Span, FromFrontMatter
		*target(p.r) = m
	}
}

// readStart reads a start, or a range that is the start and the end.
func (p *parse) readStart(f frontmatter.Field) {
	if start, end, ok := p.rangeOf(f.Value.Text); ok && f.Value.Kind == frontmatter.Scalar {
		start.Span, start.From = f.Value.Span, FromFrontMatter
		p.r.Started = start
		end.Span, end.From = f.Value.Span, FromFrontMatter
		p.r.Finished = end // "finished" is read later, and counts
		return
	}
	oneMoment(func(r *Record) *Moment { return &r.Started })(p, f)
}

// rangeOf reads a value that is no single time: "2025-10-09 02:00–04:45 UTC".
func (p *parse) rangeOf(written string) (start, end Moment, ok bool) {
	if _, err := ParseTime(strings.TrimSpace(written), p.loc); err == nil {
		return Moment{}, Moment{}, false
	}
	r, isRange := parseRange(strings.TrimSpace(written))
	start, err := anyTime(r.start, p.loc)
	if !isRange || err != nil || r.took > 0 {
		return Moment{}, Moment{}, false
	}
	end, ok = parseClock(plainClock(r.end), start.Time)
	if ok && end.Time.Before(start.Time) { // over midnight, unless it took longer than people deploy
		end.Time = end.Time.AddDate(0, 0, 1)
		if end.Time.Sub(start.Time) > maxOvernight {
			return Moment{}, Moment{}, false
		}
	}
	if !ok {
		end, err = anyTime(r.end, p.loc)
		ok = err == nil
	}
	return start, end, ok
}

// scalar is the value of a field that must not be a list or a map.
func (p *parse) scalar(f frontmatter.Field, want string) string {
	if f.Value.Kind != frontmatter.Scalar {
		p.wrongType(f, want)
		return ""
	}
	return strings.TrimSpace(f.Value.Text)
}

func (p *parse) wrongType(f frontmatter.Field, want string) {
	p.r.report(f.Value.Span.Start, problem.BadValue, "write "+want, "%s is not %s", f.Name, want)
}

func (p *parse) readStatus(f frontmatter.Field) {
	written := p.scalar(f, "one value")
	if written == "" {
		return
	}
	status, ok := ParseStatus(written)
	if !ok {
		p.badStatus = text.OneLine(written, 60)
		p.r.report(f.Value.Span.Start, problem.UnknownStatus, statusHint(), "the status “%s” is not known", p.badStatus)
		return
	}
	p.r.Status, p.r.StatusFrom = status, FromFrontMatter
	p.r.StatusReason = StatusReason{Kind: SaidByFrontMatter, Said: text.OneLine(written, 60)}
}

func (p *parse) readLinks(f frontmatter.Field) {
	if f.Value.Kind != frontmatter.Map {
		p.wrongType(f, "a map of names to addresses")
		return
	}
	for _, entry := range f.Value.Map {
		if entry.Value.Kind != frontmatter.Scalar || !isWebAddress(entry.Value.Text) {
			p.r.report(entry.Value.Span.Start, problem.BadValue, "write an address that begins with https://, http:// or mailto:",
				"the link %s is left out: “%s” is not a web address", entry.Name, text.OneLine(entry.Value.Text, 60))
			continue
		}
		p.r.Links = append(p.r.Links, Link{Name: entry.Name, URL: strings.TrimSpace(entry.Value.Text), Span: entry.Value.Span})
	}
}

// isWebAddress reports whether an address may be linked: one of http, https or mailto.
func isWebAddress(s string) bool {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	}
	return false
}

func (p *parse) readReading(f frontmatter.Field) {
	written := strings.ToLower(strings.TrimSpace(f.Value.Text))
	weight, err := strconv.Atoi(written)
	listed := err == nil || written == "true" || written == "yes"
	if f.Value.Kind != frontmatter.Scalar || !listed && written != "false" && written != "no" && written != "" {
		p.r.report(f.Value.Span.Start, problem.BadValue, "write true, or a number that says where in the list", "reading is neither true nor a number")
		return
	}
	p.r.Reading = Reading{Listed: listed, Span: f.Value.Span}
	if err == nil {
		p.r.Reading.Weight = weight
	}
}
