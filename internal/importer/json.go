package importer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// documents are the objects of all JSON sources. Drafts are made when all have been
// read, because a forge lists deployments and their statuses separately.
type documents struct {
	reading *Reading
	objects []object
}

// object is one JSON object of a source.
type object struct {
	part   Part
	raw    []byte
	fields []field
}

// field is a member of an object; of two with one name the first counts.
type field struct {
	name string
	raw  json.RawMessage
}

// wrappers are the names of members that hold the list in an answer of a forge.
var wrappers = []string{"workflow_runs", "deployments", "releases"}

// read takes a JSON source apart: arrays, arrays in arrays (gh api --slurp),
// several one after the other (gh api --paginate), or one object a line
// (glab api --output ndjson). What stands before an error is kept.
func (d *documents) read(source int) {
	data := d.reading.Sources[source].Data
	start := len(data) - len(bytes.TrimPrefix(data, text.ByteOrderMark))
	dec := json.NewDecoder(bytes.NewReader(data[start:]))
	depth, count := 0, len(d.objects)
	for {
		at := start + int(dec.InputOffset())
		next := skipLayout(data, at)
		if next < len(data) && data[next] != '[' && data[next] != ']' { // an element, or a value of its own
			var raw json.RawMessage
			if err := dec.Decode(&raw); err != nil {
				d.broken(source, next, start, err, len(d.objects)-count)
				return
			}
			d.add(source, text.Span{Start: start + int(dec.InputOffset()) - len(raw), End: start + int(dec.InputOffset())})
			continue
		}
		token, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF) && depth == 0:
			return
		case err != nil:
			d.broken(source, next, start, err, len(d.objects)-count)
			return
		}
		switch token {
		case json.Delim('['):
			depth++
		case json.Delim(']'):
			depth--
		}
	}
}

// skipLayout is the offset of the next character that is no space and no comma.
func skipLayout(data []byte, at int) int {
	for at < len(data) && strings.IndexByte(" \t\r\n,", data[at]) >= 0 {
		at++
	}
	return at
}

// broken reports where a source stops being JSON.
func (d *documents) broken(source, at, start int, err error, before int) {
	where := at
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		where = min(max(at, start+int(syntax.Offset)-1), len(d.reading.Sources[source].Data))
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err, where = errors.New("it ends in the middle"), len(d.reading.Sources[source].Data)
	}
	p := d.reading.problem(source, where, problem.NotImported, "was the download cut off? Get it again", "this is not JSON: %v; %s before it could be read", err, text.Count(before, "element"))
	end := len(d.reading.Sources[source].Data)
	if at >= end { // there is nothing left over to name
		d.reading.Remarks = append(d.reading.Remarks, p)
		return
	}
	d.reading.rest(Part{source, text.Span{Start: at, End: end}}, Refused, p)
}

// add keeps a value, if it is an object; one that wraps a list is replaced by the
// objects in that.
func (d *documents) add(source int, span text.Span) {
	raw := d.reading.Sources[source].Data[span.Start:span.End]
	if len(raw) == 0 || raw[0] != '{' {
		d.reading.leave(source, span, Text, "", "this is not an object")
		return
	}
	o := object{part: Part{source, span}, raw: raw, fields: members(raw)}
	for _, name := range wrappers {
		if list := o.get(name); bytes.HasPrefix(list, []byte("[")) {
			d.unwrap(o, list)
			return
		}
	}
	seen := map[string]bool{}
	for _, f := range o.fields {
		if seen[f.name] {
			d.reading.remark(source, span.Start, "both are kept in the text", "the key %s is there twice; the first one counts", text.OneLine(f.name, 60))
		}
		seen[f.name] = true
	}
	d.objects = append(d.objects, o)
}

// unwrap adds the objects of a list inside of an object.
func (d *documents) unwrap(o object, list json.RawMessage) {
	source, at := o.part.Source, o.part.Span.Start
	for _, one := range members(list) {
		start := o.part.Span.Start + offsetIn(o.raw, one.raw)
		d.reading.leave(source, text.Span{Start: at, End: start}, Layout, "", "around the list")
		at = start + len(one.raw)
		d.add(source, text.Span{Start: start, End: at})
	}
	d.reading.leave(source, text.Span{Start: at, End: o.part.Span.End}, Layout, "", "around the list")
}

// offsetIn is where a part starts in the whole that it is a slice of.
func offsetIn(whole, part []byte) int { return cap(whole) - cap(part) }

// members are the members of an object, or of an array, where they have no names, in
// order. Their values are slices of raw, so that numbers stay as they are written.
// What follows an error is left out.
func members(raw []byte) (fields []field) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	open, _ := dec.Token()
	for dec.More() {
		var name string
		if open == json.Delim('{') {
			token, err := dec.Token()
			if err != nil {
				break
			}
			name, _ = token.(string)
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
		end := int(dec.InputOffset())
		fields = append(fields, field{name, json.RawMessage(raw[end-len(value) : end])})
	}
	return fields
}

// get is the raw value of a member, or nil.
func (o object) get(name string) json.RawMessage {
	for _, f := range o.fields {
		if f.name == name {
			return f.raw
		}
	}
	return nil
}

// has reports whether all the members are there.
func (o object) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return o.get(name) == nil })
}

// text is the value of the first of the members that has one: a string, a number
// as it is written, or true and false. A name "user.login" goes into objects.
func (o object) text(names ...string) string {
	for _, name := range names {
		if value := o.one(name); value != "" {
			return value
		}
	}
	return ""
}

func (o object) one(name string) string {
	first, rest, nested := strings.Cut(name, ".")
	raw := o.get(first)
	if nested {
		if len(raw) == 0 || raw[0] != '{' {
			return ""
		}
		return object{fields: members(raw)}.one(rest)
	}
	var s string
	switch {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null":
		return ""
	case raw[0] != '"':
		return string(raw)
	case json.Unmarshal(raw, &s) != nil:
		return ""
	}
	return strings.TrimSpace(s)
}

// id is the value of the first of the members that has one, as an ID. A number has one
// spelling: some tools write 1 as 1.0, or 1e0.
func (o object) id(names ...string) string {
	for _, name := range names {
		raw := o.get(name)
		if n, err := strconv.ParseFloat(string(raw), 64); err == nil && n == math.Trunc(n) && math.Abs(n) <= maxExact {
			return strconv.FormatInt(int64(n), 10)
		}
		if id := o.text(name); id != "" {
			return id
		}
	}
	return ""
}

// maxExact is the greatest number up to which a float holds every whole number.
const maxExact = 1<<53 - 1

// list are the objects in a member that is an array.
func (o object) list(name string) (objects []object) {
	raw := o.get(name)
	if !bytes.HasPrefix(raw, []byte("[")) {
		return nil
	}
	for _, one := range members(raw) {
		if one.raw[0] == '{' {
			objects = append(objects, object{raw: one.raw, fields: members(one.raw)})
		}
	}
	return objects
}

// shape is a kind of object that tells of a deployment.
type shape struct {
	name string // for people
	id   string // begins the IDs of its drafts
	is   func(o object) bool
	read func(o object, d *Draft, j *documents)
}

// shapes are the kinds of objects, the most particular first.
var shapes = slices.Concat(gitlabShapes, githubShapes)

// shapeOf is the kind of an object, or nil.
func shapeOf(o object) *shape {
	if i := slices.IndexFunc(shapes, func(s shape) bool { return s.is(o) }); i >= 0 {
		return &shapes[i]
	}
	return nil
}

// settle makes drafts of the objects.
func (d *documents) settle() {
	statuses := d.takeStatuses()
	workflows := map[string]bool{}
	for _, o := range d.objects {
		s := shapeOf(o)
		if s == nil {
			d.reading.leave(o.part.Source, o.part.Span, Refused, "see the guide for the lists that are read",
				"this is neither a deployment, nor a workflow run, nor a release")
			continue
		}
		d.draft(o, s, statuses)
		if name := o.text("workflowName"); name != "" {
			workflows[name] = true
		}
	}
	for _, o := range d.objects {
		if len(workflows) < 2 || !o.has("workflowName") {
			continue
		}
		d.reading.remark(o.part.Source, o.part.Span.Start, "list those that deploy alone: gh run list --workflow deploy.yml",
			"these are runs of %d workflows; do all of them deploy?", len(workflows))
		break
	}
	for id, late := range statuses {
		for _, o := range late {
			d.reading.leave(o.part.Source, o.part.Span, Text, "import the list of deployments together with it", "a status of the deployment %s, which is not here", id)
		}
	}
}

// takeStatuses takes the deployment statuses of GitHub out, by the number of their
// deployment.
func (d *documents) takeStatuses() map[string][]object {
	statuses := map[string][]object{}
	d.objects = slices.DeleteFunc(d.objects, func(o object) bool {
		isStatus := o.has("state", "deployment_url")
		if isStatus {
			id := path.Base(o.text("deployment_url"))
			statuses[id] = append(statuses[id], o)
		}
		return isStatus
	})
	return statuses
}

func (j *documents) draft(o object, s *shape, statuses map[string][]object) {
	if o.text("isDraft", "draft") == "true" {
		j.reading.leave(o.part.Source, o.part.Span, Text, "", "a draft of a release, which was not published")
		return
	}
	line, _ := j.reading.lines[o.part.Source].Position(o.part.Span.Start)
	d := &Draft{Parts: []Part{o.part}, File: j.reading.Sources[o.part.Source].Name, Line: line}
	raw := [][]byte{o.raw}
	if s.id == deploymentID {
		id := o.id("id")
		all := o.list("statuses")
		for _, status := range statuses[id] {
			d.Parts = append(d.Parts, status.part)
			raw = append(raw, status.raw)
			all = append(all, status)
		}
		delete(statuses, id)
		readStatuses(d, all, j)
	}
	s.read(o, d, j)
	if d.ID == "" {
		d.ID = wordsID(o.raw)
	}
	if d.Started.IsZero() {
		for _, p := range d.Parts {
			j.reading.leave(p.Source, p.Span, Refused, "ask for its times as well", "this %s has no time that can be read", s.name)
		}
		return
	}
	d.Body = documentBody(o, raw)
	j.reading.Drafts = append(j.reading.Drafts, d)
}

// documentBody is the description that the forge has, and the objects as they are.
func documentBody(o object, raw [][]byte) []byte {
	var b bytes.Buffer
	if words := o.text("description", "body"); words != "" && len(words) < 500 && !strings.Contains(words, "\n") {
		b.WriteString(text.Inline(words, 500) + "\n\n")
	} else if words != "" {
		b.WriteString(strings.TrimRight(strings.ReplaceAll(words, "\r\n", "\n"), "\n") + "\n\n")
	}
	var code bytes.Buffer
	for _, one := range raw {
		if json.Indent(&code, one, "", "  ") != nil {
			code.Write(one)
		}
		code.WriteByte('\n')
	}
	b.WriteString(folded("json", code.Bytes()))
	return b.Bytes()
}

// moment reads a time of a forge, which is in UTC, and shows it by the project's
// clock.
func (j *documents) moment(s string) records.Moment {
	if t, err := time.Parse(time.RFC3339, s); err == nil && t.Year() >= 1970 {
		return records.Moment{Time: t.In(j.reading.opt.zone()).Truncate(time.Second)}
	}
	at, err := findDate(s, j.reading.opt)
	if err != nil {
		return records.Moment{}
	}
	return at.Moment
}

// setRef sets the version if a ref is a tag or reads like a version, or else the
// branch.
func (d *Draft) setRef(ref string, isTag bool) {
	switch name, tag := strings.CutPrefix(ref, "refs/tags/"); {
	case ref == "" || ref == d.Commit || len(ref) >= 7 && strings.HasPrefix(d.Commit, ref):
	case tag || isTag || version().FindString(name) == name:
		d.Version = cmp.Or(d.Version, name)
	default:
		d.Branch = cmp.Or(d.Branch, strings.TrimPrefix(ref, "refs/heads/"))
	}
}

// link adds an address of the web.
func (d *Draft) link(name, address string) {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		d.Links = append(d.Links, Link{name, address})
	}
}

// title is made of what is known, for drafts whose source has none.
func (d *Draft) title() string {
	service := strings.Join(d.Services[:min(1, len(d.Services))], "")
	return text.OneLine(records.TitleOf(service, d.Version, d.Environment), 200)
}
