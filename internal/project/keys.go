package project

import "strings"

// keyPositions tells where each key stands. The TOML library knows, but tells
// only with its own errors, and of several [[people]] only about the last.
type keyPositions struct {
	keys   map[string]position    // by name, for those outside of any table
	tables map[string][]tableKeys // by the table's name, in order
}

// tableKeys is one [table] or one of several [[table]]s.
type tableKeys struct {
	header position
	keys   map[string]position
}

func (k keyPositions) at(name string) position {
	if at, ok := k.keys[name]; ok {
		return at
	}
	return k.table(name, 0)
}

// table is the place of the n-th header [[name]], or of the key where the tables
// are written in one line.
func (k keyPositions) table(name string, n int) position {
	if tables := k.tables[name]; n < len(tables) {
		return tables[n].header
	}
	return k.keys[name]
}

// inTable is the place of a key in the n-th [[name]], or else that of the table.
func (k keyPositions) inTable(name string, n int, key string) position {
	if tables := k.tables[name]; n < len(tables) {
		if at, ok := tables[n].keys[key]; ok {
			return at
		}
	}
	return k.table(name, n)
}

// findKeys finds the keys of a file that is known to be valid TOML. A key begins
// a line, outside of strings and brackets; of a dotted key the first part counts.
func findKeys(source string) keyPositions {
	found := keyPositions{keys: map[string]position{}, tables: map[string][]tableKeys{}}
	keys := found.keys
	s := &scanner{rest: source}
	for s.skipBlank(); s.rest != ""; s.skipBlank() {
		at := positionAt([]byte(source), len(source)-len(s.rest))
		if s.rest[0] != '[' {
			keys[s.key()] = at
			s.skipValue()
			continue
		}
		name := s.header()
		keys = map[string]position{}
		found.tables[name] = append(found.tables[name], tableKeys{at, keys})
	}
	return found
}

// scanner walks through valid TOML.
type scanner struct{ rest string }

func (s *scanner) skip(n int) { s.rest = s.rest[min(n, len(s.rest)):] }

// skipBlank skips white space, empty lines and comments.
func (s *scanner) skipBlank() {
	for {
		s.rest = strings.TrimLeft(s.rest, " \t\r\n")
		if !strings.HasPrefix(s.rest, "#") {
			return
		}
		s.skipLine()
	}
}

func (s *scanner) skipLine() {
	_, s.rest, _ = strings.Cut(s.rest, "\n")
}

// header reads "[name]" or "[[name]]" and returns the first part of the name.
func (s *scanner) header() string {
	s.rest = strings.TrimLeft(s.rest, "[ \t")
	name := s.key()
	s.skipLine()
	return name
}

// key reads one part of a key, bare or quoted.
func (s *scanner) key() string {
	if s.rest == "" {
		return ""
	}
	if s.rest[0] == '"' || s.rest[0] == '\'' {
		quoted := s.rest[:s.stringEnd()]
		s.skip(len(quoted))
		return strings.Trim(quoted, quoted[:1])
	}
	end := strings.IndexAny(s.rest, " \t.=]\n")
	if end < 0 {
		end = len(s.rest)
	}
	name := s.rest[:end]
	s.skip(end)
	return name
}

// skipValue skips what is left of a key and its value: up to the first line end
// outside of strings and brackets.
func (s *scanner) skipValue() {
	depth := 0
	for s.rest != "" {
		switch s.rest[0] {
		case '"', '\'':
			s.skip(s.stringEnd())
			continue
		case '#':
			s.skipLine()
			if depth == 0 {
				return
			}
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		if s.rest[0] == '\n' && depth == 0 {
			return
		}
		s.skip(1)
	}
}

// stringEnd is the length of the string that rest begins with.
func (s *scanner) stringEnd() int {
	quote := s.rest[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.rest, triple) {
		quote = triple
	}
	for i := len(quote); i < len(s.rest); i++ {
		if quote[0] == '"' && s.rest[i] == '\\' {
			i++
			continue
		}
		if strings.HasPrefix(s.rest[i:], quote) {
			i += len(quote)
			for len(quote) == 3 && strings.HasPrefix(s.rest[i:], quote[:1]) {
				i++ // the text itself may end in quotes
			}
			return i
		}
	}
	return len(s.rest)
}
