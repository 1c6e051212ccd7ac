package reference

import (
	"bytes"
	"regexp"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
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
	values := map[*pflag.Flag]string{} // the words for them; commands share some options
	for _, c := range all {
		c.InheritedFlags() // adds them to Flags
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if _, known := values[f]; !known {
				values[f], f.Usage = described(f)
			}
		})
	}
	for _, c := range all {
		var b bytes.Buffer
		never := time.Unix(0, 0)
		if err := doc.GenMan(c, &doc.GenManHeader{Section: "1", Source: root.Name(), Manual: root.Name(), Date: &never}, &b); err != nil {
			return nil, err
		}
		page := option.ReplaceAllStringFunc(b.String(), func(head string) string {
			parts := option.FindStringSubmatch(head)
			if value := values[c.Flags().Lookup(parts[2])]; value != "" {
				return parts[1] + ` \fI` + value + `\fP`
			}
			return parts[1]
		})
		pages[fileName(c)+".1"] = dated.ReplaceAllString(page, `$1""`)
	}
	return pages, nil
}

// described is the word for an option's value, and what the option does.
func described(f *pflag.Flag) (value, usage string) {
	value, _ = pflag.UnquoteUsage(f)
	return value, escape(meaning(f))
}

// dated is the head of a man page up to its date.
var dated = regexp.MustCompile(`(?m)^(\.TH "[^"]*" "1" )"[^"]*"`)

// option is the head of an option: its names, and a default that its text says as well.
var option = regexp.MustCompile(`(?m)^((?:\\fB-\w\\fP, )?\\fB--([a-z-]+)\\fP)(?:\[?=.*)?$`)
