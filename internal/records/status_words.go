package records

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// statusWords are the words for a status, folded by [text.Fold]: in English, and in
// other languages that teams write.
var statusWords = text.Table(map[Status]string{
	InProgress: `in progress, inprogress, running, ongoing, started, open, wip, deploying, blocked, queued, pending, created, waiting, requested
		läuft, in arbeit, offen, ausstehend, en cours, en attente, en curso, en progreso, pendiente, em andamento, em curso, pendente, in corso, in attesa
		bezig, in uitvoering, 進行中, 作業中, 実施中, 未実施, 未着手, 进行中, 部署中, 未开始, 待部署, 진행 중, 진행중, 대기, в работе, в процессе, выполняется, ожидает, w toku, w trakcie`,
	Succeeded: `operational, opérationnel, opérationnelle, operativo, operativa, funcionando, operacional, succeeded, success, successful, successfully, completed, complete, done, ok, passed, deployed, live, healthy, released, finished
		active, erfolgreich, erfolg, abgeschlossen, erledigt, fertig, réussi, réussie, succès, avec succès, terminé, terminée, déployé, déployée
		exitoso, exitosa, éxito, con éxito, completado, completada, desplegado, desplegada, concluído, concluída, sucesso, com sucesso, bem sucedido, bem sucedida
		riuscito, riuscita, successo, con successo, completato, completata, geslaagd, gelukt, voltooid, 成功, 完了, 正常終了, デプロイ成功, デプロイ完了
		完成, 已完成, 已部署, 部署成功, 发布成功, 성공, 완료, 배포 완료, 정상 완료, 정상 배포 완료, успешно, успех, завершено, выполнено, готово, успешен, успешна, завершён, завершен, завершена, завершился, завершилось, выполнен, выполнена
		развёрнут, развернут, развёрнуто, развернуто, задеплоен, задеплоено, выкачено, 배포 성공, 배포됨, 성공적으로 배포, 정상 배포, 部署完成, 发布完成, 成功部署, 成功发布, 已上线, 上线成功
		publicado, publicada, implantado, implantada, sukces, zakończono, zakończone, zakończone sukcesem, wdrożono, wdrożone, mit erfolg, ausgerollt, met succes`,
	Failed: `failed, failure, fail, error, unsuccessful, broken, timed out, startup failure, fehlgeschlagen, gescheitert, fehler
		échec, échoué, échouée, en échec, fallido, fallida, falló, fallo, falhou, falha, erro, fallito, fallita, errore, mislukt
		失敗, 異常終了, エラー, 失败, 部署失败, 发布失败, 실패, неудача, неудачно, не удалось, ошибка, провален, провалено, błąd, nieudane, niepowodzenie, 배포 실패`,
	RolledBack: `rolled back, rolledback, rollback, reverted, zurückgerollt, zurückgesetzt, zurückgenommen, rückgängig gemacht
		retour arrière, revertido, revertida, ripristinato, teruggedraaid, ロールバック, ロールバック済み, ロールバック済, 切り戻し, 切り戻し済み, 切り戻し済, 切戻し, 切戻し済, 回滚完成, 롤백 완료, 已回滚, 回滚, 已回退, 回退, 롤백, 롤백됨, откат, откачено, wycofano, wycofane`,
	Cancelled: `cancelled, canceled, aborted, abandoned, stopped, skipped, abgebrochen, übersprungen
		annulé, annulée, abandonné, abandonnée, cancelado, cancelada, abortado, abortada, annullato, annullata, interrotto, geannuleerd, afgebroken
		中止, 取消, 取り消し, キャンセル, 已取消, 已中止, 취소, 취소됨, отменено, отменён, отменен, прервано, anulowano, anulowane, przerwano`,
})

// besideStatus are words that do not change a status beside them: "the deployment was
// successful".
var besideStatus = text.Set(`with, mit, avec, con, com, met, the, deployment, release, rollout, was, is, has, been, and, then, now, fully, wurde, und, dann
	le, déploiement, a, été, est, el, despliegue, fue, y, la, implantação, o, e, foi, il, rilascio, è, stato, de, uitrol, later, afterwards, subsequently
	später, danach, anschließend, ensuite, puis, luego, después, depois, poi, daarna, затем
	deploy, деплой, релиз, развертывание, развёртывание, был, была, было, прошел, прошёл, прошла, прошло, wdrożenie, zostało`)

// afterStatus begin what may follow a status: by whom, where to, when.
var afterStatus = text.Set(`by, to, at, on, via, from, due, because, after, in, von, durch, auf, nach, am, um, wegen, par, à, por, a, il`)

// butWords begin a remark that limits the status.
var butWords = text.Set(`but, except, however, though, although, aber, jedoch, außer, mais, sauf, pero, salvo, mas, exceto, ma, maar, но, однако, ale, jednak`)

// successWords answer a line such as "Success:", besides the statuses.
var successWords = text.Table(map[Status]string{
	Succeeded: `yes, y, true, ja, oui, sí, sim, sì, はい, 是, 예, да, tak`,
	Failed:    `no, n, false, nein, non, não, nee, いいえ, 否, 아니요, нет, nie`,
})

// noes say that something was not; noneOf say that there was none of something, which
// may be good.
var (
	noes   = text.Set(`not, neither, nor, isn, wasn, didn, couldn, nicht, nie, pas, jamais, nunca, jamás, não, nao, niet, nooit, non, mai, не, нет, nee, nie`)
	noneOf = text.Set(`no, without, zero, kein, keine, keinen, keinem, ohne, sans, aucun, aucune, sin, ningún, ninguna, sem, nenhum, nenhuma, senza, nessun, nessuna, zonder, geen, без, brak, bez`)
)

// harms are what a success has none of.
var harms = text.Set(`error, errors, failure, failures, failed, fail, fails, failing, problem, problems, issue, issues, warning, warnings, incident, incidents, outage, downtime, degraded, degradation, regression, regressions, broken, rollback, rollbacks, rolled, reverted, revert, reverting, undone, hotfix, red, flaky, timeout, timeouts, alerts
	fehler, fehlern, probleme, problemen, warnung, warnungen, ausfall, ausfälle, störung, störungen, rückfall, fehlgeschlagen, zurückgerollt, zurückgesetzt, zurückgenommen, zurückrollen, rückgängig, einschränkung, einschränkungen
	erreur, erreurs, échec, échecs, problème, problèmes, avertissement, avertissements, panne, annulé, réserve, réserves
	errores, fallo, fallos, problema, problemas, incidencia, incidencias, advertencias, caída, revertido, revertida, reversión
	erro, erros, falha, falhas, aviso, avisos, incidente, incidentes, errore, errori, problemi, avviso, avvisi, guasto, ripristinato
	fout, fouten, storing, waarschuwingen, teruggedraaid, ошибка, ошибки, ошибками, ошибок, проблема, проблемы, проблемами, проблем, сбой, сбои, сбоев, откат, откатили, откачено`)

// halves are words for what is less than a whole success.
var halves = text.Set(`never, partly, partially, partial, half, halfway, incomplete, incompletely, mostly, almost, nearly, largely, somewhat, ish, barely, supposedly, allegedly, apparently, probably, awaiting, awaits, maybe, perhaps, unclear, unknown, unsure, unless
	teilweise, teils, halb, unvollständig, größtenteils, weitgehend, fast, beinahe, nahezu, angeblich, wohl, vermutlich, vielleicht, unklar, bedingt
	partiellement, partiel, partielle, partie, presque, incomplet, parcialmente, parcial, casi, incompleto, quizás, quase, talvez, parzialmente, parziale, quasi, forse
	gedeeltelijk, deels, bijna, misschien, onvolledig, частично, почти, возможно, częściowo, prawie`)

// plans and befores are of what comes before a deployment; works are the work itself, of
// which "complete" says nothing about the deployment.
var (
	plans = text.Set(`ready, planned, scheduled, proposed, postponed, deferred, delayed, draft, preparing, rehearsed, rehearsal, dry, hold, todo, will, tomorrow
		bereit, geplant, angesetzt, terminiert, verschoben, vertagt, entwurf, morgen, wird, prêt, prête, planifié, planifiée, prévu, prévue, reporté, reportée, brouillon, demain
		listo, lista, planificado, programado, programada, aplazado, aplazada, borrador, mañana, pronto, pronta, planejado, planejada, agendado, agendada, adiado, adiada, rascunho, amanhã
		pianificato, pianificata, programmato, rinviato, rinviata, bozza, domani, gereed, gepland, uitgesteld, morgen
		готов, готова, готовы, запланировано, запланирован, отложено, отложен, черновик, завтра`)
	befores = text.Set(`approved, review, reviewed, implemented, developed, coded, tested, merged, built, configured, prepared, staged, go, do, current, official
		genehmigt, freigegeben, umgesetzt, implementiert, entwickelt, getestet, gebaut, konfiguriert, eingerichtet, vorbereitet
		approuvé, approuvée, implémenté, implémentée, développé, testé, testée, configuré, configurée, préparé, préparée
		aprobado, aprobada, implementado, implementada, probado, probada, configurado, configurada, preparado, preparada, aprovado, aprovada, testado, testada
		approvato, approvata, implementato, implementata, testato, testata, configurato, preparato, goedgekeurd, concept, geïmplementeerd, getest, geconfigureerd, voorbereid
		одобрено, одобрен, реализовано, протестировано, настроено, подготовлено`)
	works = text.Set(`code, feature, features, development, implementation, testing, test, tests, build, review, design, planning, preparation, preparations, setup, documentation, draft
		entwicklung, umsetzung, implementierung, vorbereitung, vorbereitungen, planung, développement, implémentation, préparation, desarrollo, implementación, preparación, desenvolvimento, implementação, preparação
		sviluppo, implementazione, preparazione, ontwikkeling, implementatie, voorbereiding, разработка, реализация, подготовка`)
	beforeParts = text.Pattern(`準備|准备|準備|就绪|就緒|待ち|待部署|待发布|待上线|予定|预定|計画|计划|延期|下書き|草稿|草案|承認|批准|审批|テスト|测试|実装|实现|예정|계획|준비|연기|승인|테스트|구현|초안`)
)

// toCome matches "ready for deployment" and "will be deployed", also beside a word for a
// success.
var toCome = text.Pattern(`(?:^| )(?:(?:will|to|shall) be \pL|(?:ready|bereit|prête?s?|list[oa]s?|pront[oa]s?|gereed|готов[аоы]?) (?:\pL+ ){0,3}(?:deploy|release|roll|launch|ship|go live|prod|publish|merge|review|approv|test|qa|stag|bereitstell|auslief|déploi|mise en|livraison|despl|implant|rilasc|uitrol|разв|депло|выкл|релиз))`)

// isBefore reports whether words tell of what comes before a deployment, and not of
// its end: "ready", "implementation complete", but not "tested and deployed".
func isBefore(words []string) bool {
	before, work := false, false
	for i, word := range words {
		status, n := firstStatus(words[i:])
		if n > 0 && status == Succeeded && !work && !plans[word] && !befores[word] {
			return false
		}
		before = before || plans[word] || befores[word] || works[word] || beforeParts().MatchString(word)
		work = works[word] || work && besideStatus[word]
	}
	return before
}

// In scripts without blanks between words a doubt is a part of a word.
var (
	cleanParts = text.Pattern(`(?:問題|エラー|障害|影響)(?:は|も)?(?:なし|なく|無し|ありません)|(?:没有|沒有|无|無)(?:任何)?(?:错误|錯誤|问题|問題|异常)|(?:문제|오류|장애)\s*없[이음]`)
	doubtParts = text.Pattern(`灰度|カナリア|카나리|不|未|没|沒|ません|せず|ない|なかった|一部|部分|但|しかし|ただし|ものの|エラー|障害|警告|错误|錯誤|异常|問題|问题|失败|失敗|回滚|回退|ロールバック|切り戻し|않|못|부분|일부|하지만|그러나|지만|오류|문제|실패|롤백`)
)

// isDoubt reports whether words leave a doubt about a success: a no, a but, a half, a
// harm.
func isDoubt(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return noes[word] || noneOf[word] || butWords[word] || halves[word] || harms[word] || word[0] >= utf8.RuneSelf && doubtParts().MatchString(word)
	})
}

// withoutNone leaves out what there was none of, if that is good or does not matter:
// "no errors", "without downtime", but not "without success".
func withoutNone(words []string) (rest []string) {
	for i := 0; i < len(words); i++ {
		if noneOf[words[i]] {
			if n, good := harmIn(words[i+1 : min(len(words), i+4)]); good {
				i += n
				continue
			}
		}
		rest = append(rest, words[i])
	}
	return rest
}

// harmIn is how many words tell what there was none of. It is not good if that is a
// success, or nothing.
func harmIn(words []string) (n int, good bool) {
	for i, word := range words {
		if harms[word] {
			return i + 1, true
		}
		if status, _ := firstStatus(words[i:]); status == Succeeded {
			return 0, false
		}
	}
	return 0, len(words) > 0
}

// someOf matches "12 of 14", share matches "to 50 %" and "10 % canary".
var (
	someOf = text.Pattern(`(\d+) (?:out of|of|von|sur|из) (\d+)`)
	share  = text.Pattern(`(?i)(?:^|[(（]|\b(?:to|at|auf|bei|à|al|naar|на) ?)\d{1,2}(?:[.,]\d+)? ?[%％](?:$|\W)|\b\d{1,2} ?% (?:of|der|des|von|canary|rollout)\b`)
)

// hedge matches what people add who are not sure, or who count on more.
var hedge = text.Pattern(`(?:^| )(?:kind of|sort of|kinda|sorta|more or less|(?:i|we) (?:think|guess|hope|believe)|hopefully|so far|somehow|seemingly|(?:one|two|three|some|most|half) of (?:the |our )?(?:two|three|four|five|nodes|regions|hosts|servers|pods|instances)|glaube ich|denke ich|hoffe ich|hoffentlich|scheinbar|mehr oder weniger|bisher|so gut wie|plus ou moins|jusqu ici|je (?:crois|pense)|más o menos|mais ou menos|più o meno|min of meer|hopelijk|более менее|вроде|надеюсь)(?: |$)`)

// endsWell reports whether a remark tells of a success in the end: "failed, then worked".
func endsWell(words []string) (well bool) {
	for words = withoutNone(words); len(words) > 0; words = words[1:] {
		if noes[words[0]] {
			return false
		}
		if status, n := firstStatus(words); n > 0 {
			well = status == Succeeded
		} else if recoveries[words[0]] {
			well = true
		}
	}
	return well
}

// recoveries say that something is as it should be again.
var recoveries = text.Set(`fine, worked, recovered, geklappt, funktioniert, marché, funcionó, funcionou, funzionato, gelukt, заработало`)

// question matches the end of one.
var question = text.Pattern(`[?？]([\s)）.!?]|$)`)

// isDoubtful reports whether a text that says a status says something else besides: by
// a sign, such as "❌ success", or in words, a question, a count.
func isDoubtful(s string, status Status) bool {
	for i := range s {
		if state, _, ok := parseSign(s[i:]); ok && !agrees(state, status) {
			return true
		}
	}
	if status != Succeeded {
		return false
	}
	folded := text.Fold(s)
	if m := someOf().FindStringSubmatch(folded); m != nil {
		some, _ := strconv.Atoi(m[1])
		all, _ := strconv.Atoi(m[2])
		if some < all {
			return true
		}
	}
	return question().MatchString(s) || share().MatchString(s) || hedge().MatchString(folded) || toCome().MatchString(folded) || isDoubt(withoutNone(strings.Fields(folded)))
}

// agrees reports whether a sign may stand beside a status.
func agrees(sign State, status Status) bool {
	switch sign {
	case Done:
		return status != Failed && status != InProgress
	case StepFailed:
		return status != Succeeded && status != InProgress
	case StepRunning, Skipped:
		return status != Succeeded && status != Failed
	}
	return true
}
