package project

import (
	"bytes"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/text"
)

// keyPositions knows where each key is. The TOML library gives positions only with
// its own errors, and of several [[people]] only for the last.
type keyPositions struct {
	source []byte
	fields []frontmatter.Field
}

func field(fields []frontmatter.Field, name string) *frontmatter.Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

// at is the position of a table, or of a key outside of any table.
func (k keyPositions) at(name string) position { return k.table(name, 0) }

// table is the position of the n-th header [[name]], or of the key if the tables are
// written on one line.
func (k keyPositions) table(name string, n int) position {
	f := field(k.fields, name)
	if f == nil {
		return position{}
	}
	if n < len(f.Value.Items) && !f.Value.Items[n].Header.IsZero() {
		return k.position(f.Value.Items[n].Header.Start)
	}
	return k.position(f.NameSpan.Start)
}

// inTable is the position of a key in the n-th [[name]], or else of the table.
func (k keyPositions) inTable(name string, n int, key string) position {
	if f := field(k.fields, name); f != nil {
		table := f.Value
		if n < len(table.Items) {
			table = table.Items[n]
		}
		if found := field(table.Map, key); found != nil {
			return k.position(found.NameSpan.Start)
		}
	}
	return k.table(name, n)
}

// position is a key's place. A header's begins with its bracket.
func (k keyPositions) position(offset int) position {
	start := bytes.LastIndexByte(k.source[:offset], '\n') + 1
	if before := k.source[start:offset]; len(bytes.Trim(before, " \t[")) == 0 {
		offset -= len(bytes.TrimLeft(before, " \t"))
	}
	return positionAt(k.source, offset)
}

func positionAt(source []byte, offset int) position {
	line, column := text.Position(source, offset)
	return position{line, column}
}
