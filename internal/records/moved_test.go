package records

import "testing"

func TestMoved(t *testing.T) {
	const checklist = `---
about: "[x](runbook.md)"
---

# Deploy [the site](../README.md "the read me")

- [ ] **[Restore](runbook.md#who-holds-it)** first, see ` + "[`locks`](db/locks.md?plain=1)" + `
- [ ] ![a plan](plan.png) [![state](state.svg)](state/)
- [ ] [the page][page], [page], <https://example.com/runbook.md>
- [ ] [far](https://example.com/runbook.md) [here](#deploy) [top](/top.md) [mail](mailto:a@example.com)
- [ ] [spaces](<my plan.md>) [twice](runbook.md) [twice](runbook.md)

` + "```md\n[in code](runbook.md)\n```" + `

[page]: page.md "A page"
[other]: other.md
`
	const want = `---
about: "[x](runbook.md)"
---

# Deploy [the site](../../README.md "the read me")

- [ ] **[Restore](../../docs/runbook.md#who-holds-it)** first, see ` + "[`locks`](../../docs/db/locks.md?plain=1)" + `
- [ ] ![a plan](../../docs/plan.png) [![state](../../docs/state.svg)](../../docs/state/)
- [ ] [the page][page], [page], <https://example.com/runbook.md>
- [ ] [far](https://example.com/runbook.md) [here](#deploy) [top](/top.md) [mail](mailto:a@example.com)
- [ ] [spaces](<../../docs/my plan.md>) [twice](../../docs/runbook.md) [twice](../../docs/runbook.md)

` + "```md\n[in code](runbook.md)\n```" + `

[page]: ../../docs/page.md "A page"
[other]: other.md
`
	if got := string(Moved([]byte(checklist), "../../docs")); got != want {
		t.Errorf("moved it is\n%s\nwant\n%s", got, want)
	}
	if got := string(Moved([]byte("[a](b.md)"), "../my docs")); got != "[a](../my%20docs/b.md)" {
		t.Errorf("with a blank in the way it is %q", got)
	}
}
