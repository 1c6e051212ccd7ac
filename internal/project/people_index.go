package project

import (
	"strings"
	"unicode"
)

// People finds the one name under which a site lists a person, as
// [Config.Person] does, for long histories and for several sources: a look-up
// costs the same however many people there are.
type People struct {
	names    map[string]string // a folded name, login or address → the name to show
	everyone *People           // whom the whole site knows, nil where that is this one
}

// NewPeople is who the whole site knows: the people of its own configuration,
// and those of its sources by their e-mail addresses, which mean one person
// everywhere. A login such as "alex" may be somebody else in each source.
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

// Of is who one source knows: everyone first, then its own people.
func (x *People) Of(source *Project) *People {
	own := &People{names: map[string]string{}, everyone: x}
	for _, person := range source.Config.People {
		own.add(person, x.nameOf(person))
	}
	return own
}

// nameOf is how the whole site calls one of a source's people.
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

// addName keeps the first who has a name.
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

// fold gives all spellings that strings.EqualFold takes for one the same key.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, s)
}
