package reference

import (
	"bytes"
	"regexp"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// ManPages are the man pages of a command and those below it, by their files'
// names, such as "deploysite-build.1". They bear no date: the same commands give
// the same bytes. The commands' own texts are changed for it, so they are good
// for nothing else afterwards.
func ManPages(root *cobra.Command) (map[string]string, error) {
	pages := map[string]string{}
	all := commands(root)
	for _, c := range all {
		if c.Long != "" {
			c.Long = Markdown(c.Long)
		}
		c.DisableAutoGenTag = true
	}
	for _, c := range all {
		var b bytes.Buffer
		never := time.Unix(0, 0)
		if err := doc.GenMan(c, &doc.GenManHeader{Section: "1", Source: root.Name(), Manual: root.Name(), Date: &never}, &b); err != nil {
			return nil, err
		}
		page := valued.ReplaceAllString(b.String(), "$1")
		pages[fileName(c)+".1"] = dated.ReplaceAllString(page, `$1""`)
	}
	return pages, nil
}

// dated is the head of a man page up to its date.
var dated = regexp.MustCompile(`(?m)^(\.TH "[^"]*" "1" )"[^"]*"`)

// valued is an option's name with a default that says nothing.
var valued = regexp.MustCompile(`(?m)^((?:.*, )?\\fB--[a-z-]+\\fP)(?:=\[\]|=""|\[=false\])$`)
