package frontmatter

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// YAMLText writes a value in YAML so that every parser reads the same text: without
// quotes where that is safe. The result is on one line and may be used in a [list].
// It is "" for "".
//
// The library's own emitter escapes emoji, and writes "no" and "10:30" without
// quotes, which parsers of YAML 1.1 read as a boolean and a number.
func YAMLText(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	switch {
	case s == "":
		return ""
	case readsPlain(s):
		return s
	case strings.IndexFunc(s, needsEscape) < 0:
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return escaped(s)
}

// YAMLTexts writes a single value alone and several as a list.
func YAMLTexts(values []string) string {
	if len(values) == 1 {
		return YAMLText(values[0])
	}
	return YAMLList(values)
}

// YAMLList writes values as "[a, b]". It is "" if there are none.
func YAMLList(values []string) string {
	var all []string
	for _, v := range values {
		if text := YAMLText(v); text != "" {
			all = append(all, text)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// YAMLValue writes a value that was read from YAML, TOML or JSON.
func YAMLValue(v Value) string {
	var parts []string
	switch v.Kind {
	case Scalar:
		if v.Text == "" {
			return "''"
		}
		return YAMLText(v.Text)
	case List:
		for _, item := range v.Items {
			parts = append(parts, cmp.Or(YAMLValue(item), "null"))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		for _, f := range v.Map {
			parts = append(parts, YAMLText(f.Name)+": "+cmp.Or(YAMLValue(f.Value), "null"))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return ""
}

// oldScalar is what YAML 1.1 reads as a boolean or as a number of base 60.
var oldScalar = regexp.MustCompile(`(?i)^(?:y|yes|n|no|on|off|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$`)

// readsPlain reports whether YAML reads s, without quotes, as the text s.
func readsPlain(s string) bool {
	if strings.IndexFunc(s, needsEscape) >= 0 || oldScalar.MatchString(s) {
		return false
	}
	var alone map[string]any
	var listed map[string][]any
	return yaml.Load([]byte("k: "+s), &alone) == nil && alone["k"] == s &&
		yaml.Load([]byte("k: ["+s+", x]"), &listed) == nil && len(listed["k"]) == 2 && listed["k"][0] == s
}

// needsEscape reports whether an editor does not show a character, or YAML only
// allows it escaped. U+200D joins emoji.
func needsEscape(r rune) bool { return !unicode.IsPrint(r) && r != '\u200d' }

// escaped writes s in double quotes.
func escaped(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case !needsEscape(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
