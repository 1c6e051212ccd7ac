package project

import (
	"strings"
	"unicode"
)

// People finds the one name under which a site lists a person, like
// [Config.Person]. It is for long histories and several sources: a look-up takes the
// same time however many people there are.
type People struct {
	names    map[string]string // a folded name, login or address → the name to show
	everyone *People           // whom the whole site knows, nil where that is this one
}

// NewPeople indexes the people of the whole site: those of the project's own
// configuration, and those of its sources by e-mail address. An address means one
// person everywhere; a login such as "alex" may be another person in each source.
func NewPeople(p *Project) *People {
	x := &People{names: map[string]string{}}
	for _, person := range p.Config.People {
		x.add(person, person.Name)
	}
	for _, source := range p.sources {
		for _, person := range source.Config.People {
			x.addName(person.Email, x.nameOf(person))
		}
	}
	return x
}

// Of adds the people of one source, behind those of the whole site.
func (x *People) Of(source *Project) *People {
	own := &People{names: map[string]string{}, everyone: x}
	for _, person := range source.Config.People {
		own.add(person, x.nameOf(person))
	}
	return own
}

// nameOf is the name by which the whole site lists a person of a source.
func (x *People) nameOf(p Person) string {
	for _, known := range []string{p.Email, p.Name} {
		if name, ok := x.names[fold(known)]; ok && known != "" {
			return name
		}
	}
	return p.Name
}

func (x *People) add(p Person, shown string) {
	x.addName(p.Name, shown)
	x.addName(p.Email, shown)
	for _, alias := range p.Aliases {
		x.addName(alias, shown)
	}
}

// addName adds a name, unless another person has it already.
func (x *People) addName(name, shown string) {
	key := fold(name)
	if _, taken := x.names[key]; !taken && name != "" {
		x.names[key] = shown
	}
}

// Name is the name to show for the person behind name; see [Config.Person].
func (x *People) Name(name string) string {
	display, address := splitAddress(name)
	for of := x.everyone; ; of = x {
		if of != nil {
			for _, known := range []string{address, display} {
				if shown, ok := of.names[fold(known)]; ok && known != "" {
					return shown
				}
			}
		}
		if of == x {
			break
		}
	}
	if display == "" {
		return address
	}
	return display
}

// fold gives the same key to all spellings that are equal to [strings.EqualFold].
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, s)
}
