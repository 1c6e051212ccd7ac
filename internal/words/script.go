package words

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// scriptKey matches the words that scripts name, which they get in a script of its
// own: t("home.latest"), n("found.results", count), nodes("found.none-for", …),
// t("status." + outcome), which stands for the whole table, or
// t("facet." + name + ".label"), which stands for that key of each table below.
var scriptKey = regexp.MustCompile(`\b(?:t|n|nodes)\("([a-z][a-z0-9-]*\.[a-z0-9.-]*)"(?: \+ [\w.]+ \+ "(\.[a-z0-9.-]+)")?`)

// ScriptKeys adds the keys that a script names.
func (w *Words) ScriptKeys(keys map[string]bool, source []byte) {
	for _, m := range scriptKey.FindAllSubmatch(source, -1) {
		name, end := string(m[1]), string(m[2])
		keys[name] = true
		if strings.HasSuffix(name, ".") {
			for key := range w.messages {
				if strings.HasPrefix(key, name) && strings.HasSuffix(key, end) {
					keys[key] = true
				}
			}
		}
	}
}

// scriptMark is replaced by the words, in the script that holds them.
var scriptMark = []byte("/* words */ {}")

// Script puts the words into the script that holds them.
func (w *Words) Script(source []byte, keys map[string]bool) ([]byte, error) {
	if !bytes.Contains(source, scriptMark) {
		return nil, errors.New("it has no place for the words: " + string(scriptMark))
	}
	texts := map[string]any{}
	for key := range keys {
		if strings.HasSuffix(key, ".") {
			continue
		}
		m := w.messages[key]
		if m == nil {
			return nil, errors.New("scripts name a word that there is not: " + key)
		}
		texts[key] = m.forScript()
	}
	data, err := json.Marshal(map[string]any{
		"language": w.Language, "thousands": w.T("numbers.thousands"), "day": w.messages["dates.day"].forScript(),
		"months": w.names["dates.months"], "monthsShort": w.names["dates.months-short"], "texts": texts,
	})
	return bytes.Replace(source, scriptMark, text.SafeJSON(data), 1), err
}

func (m *message) forScript() any {
	if len(m.forms) == 1 {
		return m.forms[plural.Other].source
	}
	forms := map[string]string{}
	for name, form := range formNames {
		if f, ok := m.forms[form]; ok {
			forms[name] = f.source
		}
	}
	return forms
}

// Unused reports English words that a project's theme adds and nothing names. Most
// likely it means to replace a built-in word.
func Unused(layers []Layer, used map[string]bool) []problem.Problem {
	builtIn := sync.OnceValue(func() map[string]bool { return builtInKeys(layers) }) // few themes have words of their own
	var problems []problem.Problem
	for _, layer := range layers {
		if layer.Name == "" {
			continue
		}
		lines := keysOf(layer)
		for _, key := range slices.Sorted(maps.Keys(lines)) {
			if !used[key] && !builtIn()[key] {
				problems = append(problems, problem.UnusedWord.At(path.Join(layer.Name, "words/en.toml"), lines[key], 0,
					"no template and no script names the word "+key, "remove it, or correct its name"))
			}
		}
	}
	return problems
}

// builtInKeys are the English keys of all layers without a name.
func builtInKeys(layers []Layer) map[string]bool {
	builtIn := map[string]bool{}
	for _, layer := range layers {
		if layer.Name == "" {
			for key := range keysOf(layer) {
				builtIn[key] = true
			}
		}
	}
	return builtIn
}

// keysOf are the English keys of a layer, with their lines.
func keysOf(layer Layer) map[string]int {
	source, err := readFile(layer.FS, "words/en.toml")
	if err != nil {
		return nil
	}
	f := &file{}
	f.parse(source)
	keys := map[string]int{}
	for key, m := range f.messages {
		keys[key] = m.line
	}
	return keys
}
