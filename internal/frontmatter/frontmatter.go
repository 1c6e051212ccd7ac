// Package frontmatter reads the block of metadata on top of a Markdown file: YAML
// between "---", TOML between "+++", or a JSON object. Unlike a decoder into a Go
// type it keeps every value as it was written ("no", "1.10", "010" are texts) and
// knows the bytes that each key and value takes, so that one can be changed in place.
//
//	block, body, problems := frontmatter.Parse(source)
//	field, ok := block.Field("service")
//	source[body:]   // the Markdown
//
// It is not for writing a whole block; [YAMLText] writes one value.
package frontmatter
