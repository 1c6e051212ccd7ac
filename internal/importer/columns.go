package importer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// columns are the columns of a table with their keys.
type columns struct {
	headers []string
	keys    []Key // "" for a column without one
}

// mapColumns finds the keys of columns by their headers. asked maps keys to headers or
// numbers and comes first. Of several columns that could have a key, the one with the
// most usual name gets it.
func mapColumns(headers []string, asked map[string]string) columns {
	c := columns{headers: headers, keys: make([]Key, len(headers))}
	for _, key := range Keys {
		if at := c.find(asked[string(key)]); at >= 0 {
			c.claim(key, at)
			continue
		}
		best, bestRank := -1, 0
		for i, h := range headers {
			if known, ok := keyOfHeader(h); ok && known.key == key && c.keys[i] == "" && (best < 0 || known.rank < bestRank) {
				best, bestRank = i, known.rank
			}
		}
		if best >= 0 {
			c.claim(key, best)
		}
	}
	return c
}

// keyOfHeader finds the key of a column by its header, which may have a remark behind it:
// "Version (tag or commit)".
func keyOfHeader(header string) (rankedKey, bool) {
	if known, ok := keyNames[text.Fold(header)]; ok {
		return known, true
	}
	known, ok := keyNames[text.Fold(remarkBehind().ReplaceAllString(header, ""))]
	return known, ok
}

// find is the index of the column of that header or number, or -1.
func (c columns) find(name string) int {
	if name == "" {
		return -1
	}
	name = strings.TrimSpace(name)
	if i := slices.IndexFunc(c.headers, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) }); i >= 0 {
		return i
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(c.headers) {
		return n - 1
	}
	return -1
}

// claim makes a column the only one with a key.
func (c columns) claim(key Key, at int) {
	if before := c.of(key); before >= 0 {
		c.keys[before] = ""
	}
	c.keys[at] = key
}

// of is the index of the column with a key, or -1.
func (c columns) of(key Key) int { return slices.Index(c.keys, key) }

const lostHint = "write the offset as in 14:30:00-06:00, and a range as in 14:30 – 15:10"

// addRow makes a draft of one row of a table.
func (r *Reading) addRow(source int, span text.Span, c columns, cells []string, body []byte, id string) {
	line, _ := r.lines[source].Position(span.Start)
	d := &Draft{Parts: []Part{{source, span}}, File: r.Sources[source].Name, Line: line, ID: id, Body: body}
	texts := map[Key]string{}
	for i, cell := range cells[:min(len(cells), len(c.keys))] {
		texts[c.keys[i]] = cell
	}
	lost, err := d.moments(texts, r.opt)
	switch {
	case errors.Is(err, errAmbiguous):
		r.refuse(source, span, orderHint, "the date “%s” %v", text.OneLine(texts[KeyDate], 40), err)
		return
	case strings.TrimSpace(texts[KeyDate]) == "":
		r.refuse(source, span, "write the day of the deployment into the column", "there is no date")
		return
	case err != nil:
		r.refuse(source, span, "write it as 2024-08-31 14:30", "the date “%s” %v", text.OneLine(texts[KeyDate], 40), err)
		return
	case lost != "":
		r.remark(source, span.Start, lostHint, "%s; only the date is used", lost)
	}
	for _, key := range c.keys {
		if problem, hint := d.set(key, texts[key]); problem != "" {
			r.remark(source, span.Start, hint, "%s", problem)
		}
	}
	if !slices.Contains(c.keys, KeyEnvironment) {
		d.Environment = cmp.Or(placeOf(texts[KeyStatus]), summaryEnvironment(d.Title))
	}
	r.Drafts = append(r.Drafts, d)
}

// bullets lists the cells of a row whose columns have no key, as Markdown.
func (c columns) bullets(cells []string) []byte {
	var b bytes.Buffer
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if i < len(c.keys) && c.keys[i] != "" || cell == "" {
			continue
		}
		name := ""
		if i < len(c.headers) {
			name = strings.TrimSpace(c.headers[i])
		}
		fmt.Fprintf(&b, "- **%s**:", text.Inline(cmp.Or(name, columnName(i)), 60))
		if strings.Contains(cell, "\n") {
			f := text.Fence(cell)
			fmt.Fprintf(&b, "\n\n  %stext\n  %s\n  %s\n", f, strings.ReplaceAll(cell, "\n", "\n  "), f)
		} else {
			fmt.Fprintf(&b, " %s\n", text.Inline(cell, 2000))
		}
	}
	return b.Bytes()
}

// columnName names a column without a header.
func columnName(i int) string { return "Column " + strconv.Itoa(i+1) }
