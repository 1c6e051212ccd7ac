package secrets

import (
	"bytes"

	"github.com/deploysite/deploysite/internal/text"
)

var (
	ruler    = text.Pattern(`^\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?$`)
	lastWord = text.Pattern("([A-Za-z][\\w.-]*)[`*\"' \t]*(?:\\([^()|]*\\)[`* \t]*)?$")
)

// table looks at the columns of a Markdown table whose heads call them passwords or
// tokens. It begins at the line between the heads and the rows.
func (s *scan) table(at int) {
	start := at - len(s.indent(at))
	if at < s.tables || start == 0 || s.source[start-1] != '\n' || !ruler().Match(s.line(at, longestLine)) {
		return
	}
	kinds := s.heads(start)
	for from := at + len(s.line(at, longestLine)) + 1; from < len(s.source); {
		end := from + len(s.line(from, longestLine))
		cells := s.cells(from, end)
		if cells == nil {
			break
		}
		for i, cell := range cells {
			s.cell(cell, kinds[i])
		}
		from, s.tables = end+1, end
	}
}

// indent is the blanks and marks of quotes before an offset.
func (s *scan) indent(at int) []byte {
	before := s.source[max(at-longKey, 0):at]
	return before[len(bytes.TrimRight(before, " \t>")):]
}

// heads tells what the columns hold, by the line that ends before an offset.
func (s *scan) heads(end int) map[int]kind {
	from := max(end-longestLine, 0)
	from += bytes.LastIndexByte(s.source[from:end-1], '\n') + 1
	return s.named(s.cells(from, end-1))
}

// named tells what cells hold, by their names.
func (s *scan) named(cells [][2]int) map[int]kind {
	kinds := map[int]kind{}
	for i, cell := range cells {
		if m := lastWord().FindSubmatchIndex(s.source[cell[0]:cell[1]]); m != nil {
			kinds[i] = s.kindOf(cell[0]+m[2], cell[0]+m[2], cell[0]+m[3])
		}
	}
	return kinds
}

// cells are the places of what stands between the bars of a line, nil without bars.
func (s *scan) cells(from, end int) (all [][2]int) {
	bar := bytes.IndexByte(s.source[from:end], '|')
	if bar < 0 || len(bytes.Trim(s.source[from:from+bar], " \t>")) > 0 {
		return nil
	}
	for at := from + bar + 1; at < end; {
		next := bytes.IndexByte(s.source[at:end], '|')
		if next < 0 {
			next = end - at
		}
		all = append(all, [2]int{at, at + next})
		at += next + 1
	}
	return all
}

var (
	inserts  = text.Pattern("(?i)^insert\\s+into\\s+[\\w.\"`\\[\\]]+\\s*\\(([^()]+)\\)\\s*values\\s*")
	inValues = text.Pattern(`'[^'\n]*'|"[^"\n]*"|[(),]|[^'"(),]+`)
)

// inserted looks at the columns of rows that SQL inserts: "insert into users (name, password)
// values ('ada', '…')".
func (s *scan) inserted(at int) {
	rest := s.source[at:min(at+4096, len(s.source))]
	m := inserts().FindSubmatchIndex(rest)
	if at < s.tables || m == nil {
		return
	}
	var names [][2]int
	for from := m[2]; from <= m[3]; {
		name, _, _ := bytes.Cut(rest[from:m[3]], []byte(","))
		names, from = append(names, [2]int{at + from, at + from + len(name)}), from+len(name)+1
	}
	kinds, depth, column := s.named(names), 0, 0
	for _, part := range inValues().FindAllIndex(rest[m[1]:], -1) {
		from := at + m[1] + part[0]
		s.tables = from
		switch s.source[from] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 1 {
				column++
			} else if depth == 0 {
				column = 0
			}
		case '\'', '"':
			s.cell([2]int{from, at + m[1] + part[1]}, kinds[column])
		default:
			if depth == 0 && len(bytes.TrimSpace(s.source[from:at+m[1]+part[1]])) > 0 {
				return
			}
		}
	}
}

// cell adds what stands in a cell, if it is one word and a secret.
func (s *scan) cell(cell [2]int, k kind) {
	const around = " \t\r`*\"'"
	value := s.source[cell[0]:cell[1]]
	start := cell[1] - len(bytes.TrimLeft(value, around))
	value = bytes.Trim(value, around)
	if k != noSecret && len(value) > 0 && !bytes.ContainsAny(value, " \t") && isSecret(string(value), k, weak) {
		s.add(k.rule(), start, start+len(value))
	}
}
