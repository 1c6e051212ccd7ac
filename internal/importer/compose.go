package importer

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// Compose makes the record of a draft: front matter with what is known, an empty
// line, and the body byte for byte. New lines end as the body's first one.
func Compose(d *Draft) []byte {
	var b bytes.Buffer
	b.WriteString("---\n")
	write := func(key, yaml string) {
		if yaml != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, yaml)
		}
	}
	write("title", frontmatter.YAMLText(d.Title))
	write("date", d.Started.Exact())
	write("finished", d.Finished.Exact())
	write("status", string(d.Status))
	write("deployer", frontmatter.YAMLTexts(d.Deployers))
	write("service", frontmatter.YAMLTexts(d.Services))
	write("environment", frontmatter.YAMLText(d.Environment))
	write("version", frontmatter.YAMLText(d.Version))
	write("commit", frontmatter.YAMLText(d.Commit))
	write("branch", frontmatter.YAMLText(d.Branch))
	write("tags", frontmatter.YAMLList(d.Tags))
	write("links", linkMap(d.Links))
	write(records.KeyImportedFrom, frontmatter.YAMLText(d.File))
	write(records.KeyImportedID, frontmatter.YAMLText(d.ID))
	b.WriteString("---\n\n")
	front := b.Bytes()
	if first := bytes.IndexByte(d.Body, '\n'); first > 0 && d.Body[first-1] == '\r' {
		front = bytes.ReplaceAll(front, []byte("\n"), []byte("\r\n"))
	}
	out := append(front, d.Body...)
	if !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, '\n')
	}
	return out
}

func linkMap(links []Link) string {
	var all []string
	for _, l := range links {
		all = append(all, frontmatter.YAMLText(l.Name)+": "+frontmatter.YAMLText(l.URL))
	}
	if all == nil {
		return ""
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// name is the name of the record's file for n = 1, and others where that is
// taken.
func (d *Draft) name(n int) string {
	if d.Started.DateOnly {
		return store.DayFileName(d.Started.Time, n)
	}
	return records.FileName(d.Started.Time, n)
}

// textID begins the IDs of drafts that are known by their words only.
const textID = "text-"

// wordsID is an ID made from a text. Line ends, and what separates the text from the
// next deployment, do not matter.
func wordsID(text []byte) string {
	text = bytes.ReplaceAll(core(text), []byte("\r\n"), []byte("\n"))
	return textID + fmt.Sprintf("%x", sha256.Sum256(text))[:16]
}

// around matches lines at the end of a section that belong to the file: thematic
// breaks and link definitions come and go when sections are added.
var around = text.Pattern(`^[ \t]*(?:[-*_ \t]{3,}|\[[^\]]+\]:.*)$`)

// core is a section without what stands at its end for the file's sake.
func core(text []byte) []byte {
	for {
		text = bytes.TrimSpace(text)
		i := bytes.LastIndexByte(text, '\n')
		if i < 0 || len(text)-i > 1000 || !around().Match(text[i+1:]) {
			return text
		}
		text = text[:i]
	}
}

// folded is a text of another format, in a code block that is folded away.
func folded(language string, code []byte) string {
	f := text.Fence(string(code))
	return "<details>\n<summary>As it was imported</summary>\n\n" + f + language + "\n" +
		strings.TrimRight(string(code), "\r\n") + "\n" + f + "\n\n</details>\n"
}

// Unknown lists the facts that people look for and the draft does not have. The draft
// must come from [Read].
func (d *Draft) Unknown() (names []string) {
	for _, fact := range []struct {
		name string
		has  bool
	}{
		{"time", !d.Started.DateOnly},
		{"status", d.Record.StatusFrom != records.FromSteps || d.Record.Status != records.InProgress},
		{"deployer", len(d.Deployers) > 0},
		{"service", len(d.Services)+len(d.Record.Services) > 0},
		{"environment", d.Environment != ""},
	} {
		if !fact.has {
			names = append(names, fact.name)
		}
	}
	return names
}
