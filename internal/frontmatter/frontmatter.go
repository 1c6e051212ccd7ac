// Package frontmatter reads the block of metadata on top of a Markdown file: YAML
// between "---", TOML between "+++", or a JSON object. It keeps each value as it was
// written ("no", "1.10" and "010" are texts), and the range of bytes of each key and
// value, so that one can be changed in place.
//
//	block, body, problems := frontmatter.Parse(source)
//	field, ok := block.Field("service")
//	source[body:]   // the Markdown
//
// It does not write whole blocks; [YAMLText] writes one value.
package frontmatter
