package words

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/problem"
)

// A Layer is a folder that may hold words/LANGUAGE.toml.
type Layer struct {
	FS   fs.FS
	Name string // of the folder, for problems: "themes/acme"; "" for what is built in
}

// Load reads the words for a language tag such as "de-AT": those of the tag if there
// are any, else those of its language, else English ones. A word of an earlier layer
// replaces that of a later one. Words that a language lacks are English.
//
// Problems are those of the files in layers with a name. A problem in a built-in file
// is an error, which only tests see.
func Load(layers []Layer, tag string) (*Words, []problem.Problem, error) {
	l := &loader{layers: layers}
	english := l.read("en", nil)
	w := &Words{Language: "en", tag: language.English, messages: english.messages, names: english.names}
	for _, name := range fallbacks(tag) {
		if name == "en" {
			break
		}
		if own := l.read(name, english); own != nil {
			w = own.over(english)
			l.complete(name, own, english)
			break
		}
	}
	problem.Sort(l.problems)
	return w, l.problems, l.err
}

// fallbacks are the languages to try for a tag: de-AT, de.
func fallbacks(tag string) []string {
	t, err := language.Parse(tag)
	if err != nil {
		return nil
	}
	var names []string
	for ; t != language.Und; t = t.Parent() {
		names = append(names, t.String())
	}
	if base, _ := t.Base(); !slices.Contains(names, base.String()) && base.String() != "und" {
		names = append(names, base.String())
	}
	return names
}

type loader struct {
	layers   []Layer
	problems []problem.Problem
	err      error
}

// A dictionary is the words of one language, of all layers.
type dictionary struct {
	language string
	messages map[string]*message
	names    map[string][]string
	files    []string        // those of layers with a name
	broken   bool            // one of the files cannot be read at all
	wrong    map[string]bool // words with a problem, which were dropped
}

// readFile reads a file of words. One that is too large is the parser's to report.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	source, err := disk.Read(fsys, name, maxFile)
	if errors.As(err, new(disk.TooLarge)) {
		err = nil
	}
	return source, err
}

// read reads one language; english is nil for English itself. It returns nil
// where no layer has it.
func (l *loader) read(name string, english *dictionary) *dictionary {
	var d *dictionary
	for _, layer := range slices.Backward(l.layers) { // so that the first wins
		source, err := readFile(layer.FS, "words/"+name+".toml")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if d == nil {
			d = &dictionary{language: name, messages: map[string]*message{}, names: map[string][]string{}, wrong: map[string]bool{}}
		}
		f := &file{name: path.Join(layer.Name, "words/"+name+".toml"), tag: language.Make(name)}
		if err != nil {
			f.unreadable(0, err.Error(), "make it a file that can be read")
		} else {
			f.parse(source)
		}
		known := english
		if english == nil {
			known = d // an English word of a theme replaces one of the built-in theme's, with the same values
		}
		read := slices.Collect(maps.Keys(f.messages))
		f.check(known, english == nil)
		for _, key := range read {
			d.wrong[key] = f.messages[key] == nil
		}
		maps.Copy(d.messages, f.messages)
		maps.Copy(d.names, f.names)
		d.broken = d.broken || f.broken
		if layer.Name != "" {
			d.files = append(d.files, f.name)
		}
		l.take(f.problems, layer.Name)
	}
	return d
}

func (l *loader) take(problems []problem.Problem, layer string) {
	if layer != "" {
		l.problems = append(l.problems, problems...)
		return
	}
	for _, p := range problems {
		l.err = errors.Join(l.err, errors.New(p.String()))
	}
}

// complete reports the words that a language lacks, those of a file in one problem: a
// new translation lacks hundreds.
func (l *loader) complete(name string, own, english *dictionary) {
	if own.broken {
		return
	}
	var missing []string
	for _, key := range slices.Sorted(maps.Keys(english.messages)) {
		if own.messages[key] == nil && !own.wrong[key] {
			missing = append(missing, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(english.names)) {
		if own.names[key] == nil {
			missing = append(missing, key)
		}
	}
	builtIn := builtInKeys(l.layers)
	byFile := map[string][]string{}
	for _, key := range missing {
		file := "words/" + name + ".toml"
		if m := english.messages[key]; m != nil && !builtIn[key] { // a theme that added a word forgot its translation
			file = path.Join(path.Dir(m.file), name+".toml")
		} else if len(own.files) > 0 {
			file = own.files[0]
		}
		byFile[file] = append(byFile[file], key)
	}
	for file, keys := range byFile {
		l.lacks(file, keys, own, english)
	}
}

// lacks reports words that a file lacks. Where there is no such file yet, the problem
// is one of the English words that want it.
func (l *loader) lacks(file string, keys []string, own, english *dictionary) {
	list := english.shortList(keys)
	p := problem.MissingWords.In(file, "words are missing, and shown in English: "+list, "translate them; "+builtInWords+" says what each is for")
	m, layer := english.messages[keys[0]], file
	switch {
	case slices.Contains(own.files, file):
	case path.Dir(file) == "words":
		layer = ""
	default:
		p.File, p.Line = m.file, m.line
		p.Message = fmt.Sprintf("words are missing in %s, and shown in English: %s", file, list)
	}
	l.take([]problem.Problem{p}, layer)
}

// builtInWords is where people who have only the program find the file to translate.
const builtInWords = "https://github.com/deploysite/deploysite/blob/main/themes/default/words/en.toml"

// shortList lists keys. A table whose keys are all among them is "home.*".
func (d *dictionary) shortList(missing []string) string {
	tableOf := func(key string) string {
		table, _, _ := strings.Cut(key, ".")
		return table
	}
	all := slices.AppendSeq(slices.Collect(maps.Keys(d.messages)), maps.Keys(d.names))
	size, lacks := map[string]int{}, map[string]int{}
	for _, key := range all {
		size[tableOf(key)]++
	}
	for _, key := range missing {
		lacks[tableOf(key)]++
	}
	var list []string
	for _, key := range missing {
		if table := tableOf(key); lacks[table] == size[table] && size[table] > 1 {
			key = table + ".*"
		}
		list = append(list, key)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	const most = 100
	if len(list) > most {
		list = append(list[:most], fmt.Sprintf("and %d more", len(list)-most))
	}
	return strings.Join(list, ", ")
}

// over adds the English words that a language lacks.
func (d *dictionary) over(english *dictionary) *Words {
	w := &Words{Language: d.language, tag: language.Make(d.language), messages: maps.Clone(english.messages), names: maps.Clone(english.names)}
	maps.Copy(w.messages, d.messages)
	maps.Copy(w.names, d.names)
	return w
}
