package records

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// These are the words by which parts of a checklist are recognised, in the languages
// that teams write. All are folded by [text.Fold]. A missing word does little harm: an
// unknown heading has steps below it.

// headingKinds are the notes sections by their folded headings.
var headingKinds = text.Table(map[NoteKind]string{
	Well: `what went well, went well, what worked, what worked well, what went right, things that went well
		was gut lief, was gut gelaufen ist, gut gelaufen, das lief gut, was gut funktioniert hat
		ce qui s est bien passé, ce qui a bien fonctionné, points positifs
		lo que salió bien, qué salió bien, qué funcionó bien, o que deu certo, o que correu bem, o que funcionou bem
		cosa è andato bene, cosa ha funzionato, wat ging goed
		うまくいったこと, うまくいった点, 良かった点, 良かったこと, 进展顺利, 做得好的地方, 顺利之处, 잘된 점, что прошло хорошо, co poszło dobrze`,
	Issues: `issues encountered, issues, problems, what went wrong, went wrong, problems encountered, issues found, problems found
		what didn t go well, what did not go well, what went poorly, what went badly, what didn t work, what did not work, things that went wrong
		current issues, outstanding issues, remaining issues, open issues, issues identified, identified issues
		issues resolutions log, issues and resolutions log, issues log
		probleme, aufgetretene probleme, offene probleme, festgestellte probleme, was schief ging, was schief lief, was nicht gut lief, was schlecht lief, was nicht funktioniert hat
		problèmes, problèmes rencontrés, problèmes identifiés, ce qui s est mal passé, ce qui n a pas fonctionné, ce qui n a pas bien fonctionné
		problemas, problemas encontrados, problemas identificados, problemas detectados, problemas actuales, problemas atuais, incidencias
		qué salió mal, lo que salió mal, qué no salió bien, lo que no salió bien, qué no funcionó, o que deu errado, o que correu mal, o que não deu certo, o que não funcionou
		problemi, problemi riscontrati, cosa è andato storto, cosa non ha funzionato, problemen, wat ging er mis, wat ging er niet goed, wat ging niet goed
		問題, 問題点, 課題, 課題点, 発生した問題, うまくいかなかったこと, うまくいかなかった点, 悪かった点, 悪かったこと
		问题, 遇到的问题, 问题记录, 存在的问题, 不足之处, 做得不好的地方, 문제점, 발생한 문제, 잘못된 점, 아쉬운 점
		проблемы, возникшие проблемы, что пошло не так, что прошло плохо, что не получилось, problemy, napotkane problemy, co poszło źle, co się nie udało`,
	Lessons: `lessons learned, lessons learnt, lesson learned, lesson learnt, lessons, learnings, key learnings, takeaways, key takeaways, what we learned, what we learnt
		what could be improved, what can be improved, what needs improvement, what could be better, what could have gone better, where we got lucky, we got lucky
		erkenntnisse, lehren, gelernt, gelerntes, was wir gelernt haben, was besser werden kann, verbesserungspotenzial, wo wir glück hatten
		leçons apprises, leçons, enseignements, points à améliorer, ce qui peut être amélioré, axes d amélioration, où nous avons eu de la chance
		lecciones aprendidas, lecciones, aprendizajes, qué se puede mejorar, aspectos a mejorar, puntos de mejora, dónde tuvimos suerte
		lições aprendidas, lições, aprendizados, o que pode melhorar, pontos de melhoria, onde tivemos sorte
		lezioni apprese, cosa si può migliorare, dove siamo stati fortunati, geleerde lessen, verbeterpunten, waar we geluk hadden
		学んだこと, 教訓, 学び, 反省点, 気づき, 改善点, 改善が必要なこと, 改善すべき点, 運が良かったこと, 幸運だったこと
		经验教训, 教训, 经验总结, 改进点, 幸运之处, 배운 점, 교훈, 개선점, 개선할 점, 운이 좋았던 점
		уроки, извлечённые уроки, извлеченные уроки, выводы, что можно улучшить, где нам повезло, wnioski, wyciągnięte wnioski, czego się nauczyliśmy, co można poprawić`,
	Tips: `tips for next deployment, tips for the next deployment, tips, action items, follow up, follow up actions, follow up items, follow ups, corrective actions, preventive actions
		preventive follow up actions, preventive and follow up actions, follow up and preventive actions, corrective and follow up actions, longer term corrective actions, long term corrective actions
		next actions, future actions, corrective measures, preventive measures, corrective and preventive measures, corrective and preventative measures, corrective and preventive actions, recommended actions, nächste maßnahmen, empfohlene maßnahmen, prochaines actions, prochaines actions recommandées, actions recommandées, actions de suivi recommandées, suivi prochaines actions, suivi et prochaines actions
		próximas acciones, acciones recomendadas, próximas ações, ações recomendadas, prossime azioni, azioni consigliate, volgende acties, 次のアクション, 推奨アクション, 下一步行动, 建议措施, 다음 조치, следующие действия, рекомендуемые действия
		review actions, actions following review, actions from the review, post incident actions
		tipps, tipps für das nächste deployment, tipps für das nächste mal, folgemaßnahmen, korrekturmaßnahmen
		conseils, conseils pour le prochain déploiement, conseils pour la prochaine fois, actions correctives, actions de suivi, actions à mener
		consejos, consejos para el próximo despliegue, consejos para la próxima vez, acciones correctivas, acciones de seguimiento, elementos de acción
		dicas, dicas para a próxima implantação, dicas para o próximo deploy, dicas para a próxima vez, ações corretivas, ações de acompanhamento, itens de ação
		consigli, consigli per il prossimo deploy, consigli per la prossima volta, azioni correttive, tips voor de volgende keer, actiepunten, vervolgacties
		次回への申し送り, 次回へのヒント, 次回のデプロイへのヒント, アクションアイテム, 再発防止策, 再発防止, 今後の対応, 是正措置
		下次部署提示, 下次部署建议, 改进措施, 行动项, 后续行动, 后续措施, 整改措施, 다음 배포를 위한 팁, 액션 아이템, 후속 조치, 재발 방지 대책
		советы, советы на следующий раз, корректирующие действия, дальнейшие действия, wskazówki, dalsze działania, działania następcze, działania naprawcze`,
	Metrics: `deployment metrics, deployment metadata, process metrics, metrics, metadata
		metriken, deployment metriken, kennzahlen, métriques, métriques du déploiement
		métricas, métricas del despliegue, métricas da implantação, metriche
		メトリクス, デプロイメトリクス, 指標, 部署指标, 指标, 배포 지표, метрики, показатели, metryki, metryki wdrożenia`,
})

// These words say that there is nothing to note: "none so far", "no known issues", "aucun
// problème rencontré". noneAtAll matches that in scripts without blanks between words.
var (
	noneWords  = text.Set(`none, nothing, nichts, rien, nada, niente, niets, ничего, нет, ninguno, ninguna, nenhum, nenhuma, nessuno, nessuna`)
	noteworthy = text.Set(`issue, issues, problem, problems, error, errors, incident, incidents, regression, regressions, blocker, blockers, action, actions, item, items, follow, up, ups, followup, followups, lesson, lessons
		probleme, fehler, vorkommnisse, auffälligkeiten, zwischenfälle, maßnahmen, problème, problèmes, erreur, erreurs, incidents, souci, soucis
		problema, problemas, error, errores, incidencia, incidencias, incidente, incidentes, erro, erros, problemi, errore, errori, problemen, fouten
		проблем, проблемы, ошибок, инцидентов, problemów, błędów`)
	besideNone = text.Set(`identified, found, encountered, reported, observed, detected, known, noted, occurred, open, new, major, significant, critical, blocking, further, additional, required, needed, necessary, yet, so, far, at, this, the, time, all, during, in, with, any, to, report, deployment, release, rollout, were, was, have, been, there, currently
		bekannt, bekannte, bekannten, aufgetreten, festgestellt, gefunden, gemeldet, bisher, bislang, es, gab, beim, während, des, dem, größeren, weiteren, besonderen, besondere, nötig, zu, berichten
		rencontré, rencontrée, rencontrés, identifié, identifiée, identifiés, signalé, signalée, signalés, à, ce, jour, jusqu, ici, particulier, majeur, pendant, le, déploiement, n, a, été, signaler
		encontrado, encontrada, encontrados, encontradas, identificado, identificada, identificados, detectado, detectada, detectados, reportado, reportados, hasta, el, momento, ahora, durante, despliegue, se, até, o, agora, implantação
		riscontrato, riscontrati, rilevato, rilevati, identificato, finora, durante, gevonden, gemeld, bekend, bekende, tot, nu, toe, не, обнаружено, выявлено, возникло, было, пока, nie, stwierdzono, było, żadnych`)
	noneAtAll = text.Pattern(`^(?:特に|特別な|大きな|現時点で)*(?:問題|課題|障害|エラー|トラブル|不具合)?(?:点)?(?:は|も)?(?:特に)?(?:なし|無し|ありません(?:でした)?|なかった)(?:です)?[。.]?$|^(?:暂|暂时|目前|本次|尚)?(?:没有|无|無|未发现|未遇到|未出现)(?:明显|重大|任何|其他)?(?:的)?(?:问题|問題|异常|異常|错误)?[。.]?$|^(?:특별한|특이)?\s*(?:문제|이슈|오류|사항)?(?:는|가|은|이)?\s*(?:없음|없었음|없습니다|없었습니다)[.]?$`)
)

// valueHeads head the second column of a table that has a label and its value in each
// row, and so tells of one thing only.
var valueHeads = text.Set(`value, values, wert, werte, valeur, valor, valore, waarde, content, contents, inhalt, contenu, contenido, conteúdo, contenuto, inhoud
	値, 内容, 值, 取值, 값, 내용, значение, содержание`)

// statusHeads head the columns of tables in which a mark says how far a step is.
var statusHeads = text.Set(`status, state, done, ok, okay, check, checked, checkbox, complete, completed, result, outcome
	pass, passed, pass fail, verified, progress, y n, yes no, seen, finished, executed
	erledigt, stand, zustand, ergebnis, geprüft, fertig, abgehakt, ja nein, bestanden
	fait, statut, état, terminé, vérifié, résultat, validé, oui non
	hecho, estado, listo, completado, resultado, verificado, si no, sí no
	feito, concluído, situação, pronto, sim não, stato, fatto, completato, esito, gedaan, klaar
	状态, 完成, 是否完成, 结果, 确认, 检查结果, 打勾, 狀態, 狀況, 状態, 完了, 結果, 確認, 済, 済み, チェック, ステータス, 実施, 合否
	상태, 완료, 결과, 확인, статус, состояние, готово, выполнено, результат, сделано
	الحالة, تم, منجز, النتيجة, trạng thái, hoàn thành, kết quả, durum, tamamlandı, klar, valmis, stan, gotowe, hotovo, stav`)

// stateWords are beside a mark and mean the same: "⬜ Pending".
var stateWords = text.Set(`pending, todo, to do, open, not started, not done, waiting, planned, tbd, yes, no, y, n
	done, complete, completed, finished, ok, okay, pass, passed, verified, failed, fail, in progress, running, wip, started
	skip, skipped, warn, warning, error, n a, na, not applicable
	offen, ausstehend, erledigt, nicht erledigt, fertig, nicht fertig, fehlgeschlagen, in arbeit, übersprungen, entfällt, ja, nein
	à faire, en attente, fait, pas fait, non fait, terminé, échec, en cours, ignoré, oui, non
	pendiente, hecho, no hecho, listo, completado, fallido, en curso, omitido, pendente, feito, não feito, concluído, falhou, em andamento, sí, sim, não
	da fare, in attesa, fatto, non fatto, completato, fallito, sì, te doen, gedaan, niet gedaan, nee
	待办, 未完成, 待完成, 未开始, 已完成, 完成, 进行中, 失败, 跳过, 未, 未着手, 未実施, 完了, 済, 済み, 実施中, 失敗, 進行中
	대기, 완료, 미완료, 실패, 진행 중, ожидает, не начато, готово, не готово, выполнено, не выполнено, ошибка, в работе, пропущено, да, нет, zrobione, nie zrobione, gotowe, tak, nie`)

// noteHeads head the columns of tables that have room for a note.
var noteHeads = text.Set(`notes, note, comment, comments, remark, remarks, details, result, observation, observations
	notizen, notiz, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, remarque, remarques, commentaire, commentaires
	notas, nota, observaciones, comentarios, observações, comentários, osservazioni, commenti
	備考, コメント, メモ, 备注, 備註, 说明, 비고, примечание, примечания, комментарий, ملاحظات, ghi chú`)

// asides are the beginnings of headings of sections to read. A list in such a section
// has no steps, unless it has marks.
var asides = text.Phrases(`overview, introduction, purpose, about, scope, background, context, goal, objective, summary, description
	contents, table of contents, toc, links, references, reference, resources, related, see also, further reading, documentation
	contacts, contact, support, help, team, who is who, roles, responsibilities, escalation, emergency
	legend, key, symbols, notation, glossary, definitions, terms, notes, note, remarks, comments, conventions, how to use
	appendix, annex, faq, troubleshooting, known issues, known limitations, common issues, rollback, roll back, back out, recovery, if something goes wrong, in case of
	history, version history, revision history, changelog, change log, document history
	überblick, übersicht, einleitung, zweck, ziel, hintergrund, inhalt, inhaltsverzeichnis, verweise, siehe auch, kontakt, kontakte
	ansprechpartner, rollen, legende, glossar, hinweise, hinweis, anmerkungen, bemerkungen, bekannte probleme, fehlersuche, fehlerbehebung
	rückfall, im fehlerfall, notfall, änderungsverlauf, dokumentation, anhang
	aperçu, vue d ensemble, présentation, objectif, contexte, sommaire, liens, références, voir aussi, rôles, légende, glossaire
	remarques, dépannage, retour arrière, en cas de problème, historique, annexe, annexes
	resumen, introducción, propósito, objetivo, contexto, índice, enlaces, referencias, ver también, contacto, contactos, leyenda, glosario
	notas, observaciones, solución de problemas, reversión, marcha atrás, historial, anexo, apéndice
	visão geral, introdução, finalidade, sumário, ligações, referências, contato, contatos, legenda, glossário, observações, solução de problemas, reversão
	panoramica, introduzione, scopo, obiettivo, indice, collegamenti, riferimenti, contatti, glossario, note, ripristino
	概要, はじめに, 目的, 背景, 目次, リンク, 参考, 関連, 連絡先, 担当者, 凡例, 用語, 注意, 注意事項, 備考, トラブルシューティング, ロールバック, 切り戻し, 変更履歴, 付録
	概述, 简介, 介绍, 目标, 目录, 链接, 参考, 相关文档, 相关链接, 联系, 联系方式, 联系人, 图例, 术语, 说明, 备注, 注意事项, 故障排查, 问题排查, 常见问题, 回滚, 回退, 更新日志, 变更记录, 获取帮助, 附录
	개요, 소개, 목적, 배경, 목차, 링크, 참고, 연락처, 범례, 용어, 비고, 문제 해결, 롤백, 변경 이력
	обзор, введение, цель, описание, содержание, оглавление, ссылки, контакты, легенда, обозначения, примечания, примечание, откат, устранение неполадок, история изменений, приложение
	نظرة عامة, مقدمة, الغرض, روابط, مراجع, جهات الاتصال, ملاحظات, التراجع`)

// tellingHeadings head the parts of a record that tell of the deployment itself, in
// any order with [fillers]: "Deployment Details". Those of the end know better how
// it went.
var tellingHeadings = map[part]map[string]bool{
	details: text.Set(`metadata, meta data, meta, detail, details, information, info, infos, summary, overview, facts, key facts, data, general, basics, at a glance, tl dr
		angaben, daten, eckdaten, informationen, allgemeines, zusammenfassung, überblick, übersicht, kurzfassung
		détails, informations, résumé, aperçu, vue d ensemble, métadonnées, détalles, detalles, información, resumen, datos, metadatos
		detalhes, informações, resumo, visão geral, dados, metadados, dettagli, informazioni, riepilogo, dati, gegevens, samenvatting, overzicht
		概要, 詳細, 情報, 基本情報, メタデータ, サマリー, 摘要, 概述, 概况, 详情, 详细信息, 信息, 基本信息, 元数据, 개요, 요약, 상세, 정보, 기본 정보
		сведения, информация, детали, обзор, сводка, общая информация, данные, szczegóły, informacje, podsumowanie, przegląd, metadane`),
	closing: text.Set(`sign off, signoff, sign offs, approval, approvals, approved, result, results, outcome, outcomes, conclusion, metrics, completion, closing
		freigabe, abnahme, ergebnis, ergebnisse, resultat, abschluss, kennzahlen, metriken
		approbation, validation finale, résultat, résultats, bilan, conclusion, métriques, aprobación, aprobaciones, resultado, resultados, conclusión, métricas
		aprovação, aprovações, conclusão, approvazione, risultato, risultati, esito, metriche, goedkeuring, resultaat
		承認, 結果, 最終結果, サインオフ, メトリクス, 审批, 批准, 签核, 结果, 结论, 指标, 승인, 결과, 지표, согласование, утверждение, результат, результаты, итог, итоги, метрики, akceptacja, zatwierdzenie, wynik, wyniki, metryki`),
}

// environmentNames are what teams call the places that they deploy to.
var environmentNames = text.Set(`dev, development, test, testing, qa, uat, sit, stage, staging, stg, preprod, preproduction, pre, prod, production, prd, live, demo, sandbox, integration, int, acceptance, acc, canary, beta, preview, ci, local, training, perf, dr
	entwicklung, produktion, abnahme, recette, préprod, préproduction, développement, desarrollo, producción, pruebas, desenvolvimento, homologação, produção, teste, produzione, collaudo, sviluppo, productie, acceptatie, ontwikkeling
	本番, 検証, 開発, ステージング, テスト, 本番環境, 検証環境, 開発環境, 生产, 测试, 开发, 预发布, 预发, 生产环境, 测试环境, 开发环境, 운영, 개발, 스테이징, 테스트, 프로덕션, прод, продакшен, тест, стейджинг, разработка, produkcja, produkcyjne, testowe`)

// productionNames are those of them that mean production.
var productionNames = text.Set(`production, prod, prd, live, produktion, producción, produccion, produção, producao, produzione, productie
	本番, 本番環境, 生产, 生产环境, 生產, 生產環境, 운영, 운영 환경, 프로덕션, прод, продакшен, продакшн, produkcja, produkcyjne`)

// NamesProduction reports whether a value is a name of production in one of the languages
// that notes are read in.
func NamesProduction(environment string) bool { return productionNames[text.Key(environment)] }

// remarkWords are in a remark on one deployment, and ofThisTime matches one with a version,
// or in a script without blanks between words.
var (
	remarkWords = text.Set(`deployment, redeployment, redeploy, rollout, rerun, retry, try, attempt, hotfix, fix, rehearsal, dry, pending, planned, verified, verification, validation, initial, first, second, third, final, again
		einspielung, ausrollung, versuch, probe, generalprobe, geplant, ausstehend, abnahme, erneut, erster, zweiter, erste, zweite, déploiement, essai, tentative, répétition, prévu, premier, première, deuxième
		despliegue, intento, ensayo, prueba, pendiente, primero, primer, segundo, implantação, tentativa, ensaio, primeira, segunda, prova, tentativo, primo, secondo, poging, eerste, tweede, развёртывание, попытка, повторно, первый, второй`)
	ofThisTime = text.Pattern(`(?i)(?:^|[^\pL\d.])v?\d+\.\d+(?:[^\d.]|$)|部署|发布|發布|上线|准备|準備|验收|驗收|验证|驗證|复验|演练|演練|修复|修復|回滚|首次|再次|第.次|デプロイ|リリース|検証|確認|予行|初回|再実施|배포|검증|예행|재시도`)
)

// isEnvironment tells such a name, with or without a place behind it: "prod-eu".
func isEnvironment(name string) bool {
	first, _, _ := strings.Cut(text.Fold(name), " ")
	return environmentNames[strings.TrimRight(first, "0123456789")] && !strings.ContainsAny(strings.TrimSpace(name), " \t")
}

// approvals are in headings of sections in which somebody agrees, on a day of their own.
var approvals = text.Phrases(`sign off, signoff, approv, freigabe, abnahme, approbation, validation finale, aprobaci, aprova, approvazion, goedkeuring
	承認, サインオフ, 审批, 批准, 签核, 승인, согласовани, утверждени, akceptacj, zatwierdzen`)

// These words stand around times, see clockrange.go.
var (
	atWords      = anyOf(`at, um, à, om, @, às, a las, alle`)
	fromWords    = anyOf(`from, between, von, vom, zwischen, de, du, desde, das, dalle, van, entre`)
	untilWords   = anyOf(`to, till, until, through, and, bis, und, à, au, et, a, al, y, hasta, até, às, e, alle, tot`)
	articles     = anyOf(`the, zum, le, el, las, o, il`)
	nextDayWords = anyOf(`next day, the next day, am nächsten tag, nächster tag, folgetag, am folgetag, día siguiente, dia seguinte, lendemain`)
	localWords   = anyOf(`local, local time, hora local, heure locale, ora locale, horário local, ortszeit, lokale zeit, lokale tijd, 現地時間, 当地时间, 현지 시간`)
	weekdayWords = anyOf(`mon, tue, wed, thu, fri, sat, sun, mo, di, mi, do, fr, sa, so, lun, mar, mer, jeu, ven, sam, dim`)
)

// anyOf is a regular expression for one of some phrases.
func anyOf(phrases string) string {
	return `(?:` + strings.ReplaceAll(phrases, ", ", "|") + `)`
}

// writers are labels and keys of who wrote a document. Of a deployment's record that is
// who deployed.
var writers = text.Set(`author, authors`)

// documentLabels are labels that a document has of itself.
var documentLabels = text.Set(`last updated, last update, last reviewed, last modified, updated, updated on, next review, review date, document version, document owner, document status, maintained by, prepared by, written by, generated by, generated, report generated, report date, created by
	zuletzt aktualisiert, letzte aktualisierung, stand, aktualisiert am, erstellt von, nächste prüfung, gepflegt von, dernière mise à jour, mis à jour le, rédigé par, préparé par, prochaine révision
	última actualización, actualizado el, redactado por, preparado por, última atualização, atualizado em, elaborado por, ultimo aggiornamento, aggiornato il, redatto da, laatst bijgewerkt, opgesteld door
	最終更新, 最終更新日, 更新日, 作成者, 作成日, 最后更新, 更新日期, 编写人, 文档版本, 마지막 업데이트, 작성자, последнее обновление, обновлено, составил`)

// incidentTitle matches the title of a document on an incident.
var incidentTitle = text.Pattern(`(?i)post[- ]?mortem|\bRCA\b|root cause analysis|\b(?:incident|outage) (?:report|review|analysis|summary)|(?:vorfall|störungs|ausfall)s?bericht|rapport d.incident|informe (?:de|del) incidente|relatório de incidente|rapporto (?:di|sull.) ?incidente|incidentrapport|постмортем|отч[её]т об инциденте|ポストモーテム|障害報告|事故报告|故障报告|장애 보고`)

// IsIncidentTitle reports whether a title is that of a document on an incident.
func IsIncidentTitle(title string) bool { return incidentTitle().MatchString(title) }

// fillers may stand beside the words of [tellingHeadings].
var fillers = text.Set(`the, of, and, this, a, for, final, overall, deployment, deploy, deployments, release, rollout, roll out, general, basic, main, executive, production, record, version, change, team
	der, des, die, das, zum, zur, und, deployments, releases, bereitstellung, auslieferung, einspielung, ausrollung, allgemeine
	générale, générales, général, generales, geral, gerais, generali, generale
	du, de, la, le, les, des, et, déploiement, mise en production, livraison, del, el, los, despliegue, publicación, do, da, implantação, della, dei, rilascio
	デプロイ, リリース, デプロイメント, の, 部署, 发布, 上线, 배포, 릴리스, развертывания, развёртывания, деплоя, релиза, выкладки, wdrożenia, wydania`)

// aboutOthers begin headings below which nothing is a fact of the deployment.
var aboutOthers = text.Phrases(`rollback, roll back, rolling back, back out, backout, fallback, fall back, contingency, revert, recovery, restore, plan b, if something goes wrong, in case of
	test, tests, testing, verification, verify, validation, smoke, checks, health check, sample, example, examples, template, previous, prior, last, former, history, version history
	contact, contacts, escalation, on call, team, roles, dependency, dependencies, references, links, related, appendix, troubleshooting, known issues, risk, risks, alternatives, context, background
	rückfall, rückfallplan, rücknahme, notfall, notfallplan, prüfung, prüfungen, beispiel, vorlage, vorherige, letzte, kontakt, kontakte, ansprechpartner, abhängigkeiten, anhang, risiken
	retour arrière, plan de retour, plan de secours, vérification, exemple, modèle, précédent, précédente, dernier, dernière, contacts, dépendances, annexe, risques
	reversión, plan de reversión, pruebas, prueba, verificación, ejemplo, plantilla, anterior, última, contactos, riesgos, reversão, plano de reversão, testes, teste, verificação, exemplo, modelo, contatos
	ripristino, piano di ripristino, prova, prove, verifica, esempio, precedente, contatti, rischi, terugdraaien, tests, voorbeeld, vorige
	ロールバック, 切り戻し, テスト, 検証, 動作確認, 例, テンプレート, 前回, 連絡先, 依存関係, 回滚, 测试, 验证, 示例, 模板, 上次, 上一次, 联系人, 依赖, 롤백, 테스트, 검증, 예시, 이전, 연락처
	откат, план отката, тест, тесты, проверка, пример, шаблон, предыдущий, предыдущая, контакты, зависимости, риски
	wycofanie, plan wycofania, testy, weryfikacja, przykład, szablon, poprzedni, kontakt, kontakty, zależności, ryzyka`)

// tellingPart reports whether a folded heading tells of the deployment, and which
// part it begins: "deployment details", but not "test details".
func tellingPart(folded string) (found part, ok bool) {
	for words := strings.Fields(folded); len(words) > 0; {
		n, told := longestPhrase(words)
		if n == 0 {
			if words[0], told, ok = cutPhrase(words[0]); !ok {
				return noFacts, false
			}
			found = max(found, told)
			if words[0] == "" {
				words = words[1:]
			}
			continue
		}
		found, words = max(found, told), words[n:]
	}
	return found, found != noFacts
}

// longestPhrase is how many words the telling phrase or filler has that words
// begin with, and the part that it tells of.
func longestPhrase(words []string) (n int, told part) {
	for n = min(4, len(words)); n > 0; n-- {
		phrase := strings.Join(words[:n], " ")
		for _, in := range []part{closing, details} {
			if tellingHeadings[in][phrase] {
				return n, in
			}
		}
		if fillers[phrase] {
			return n, noFacts
		}
	}
	return 0, noFacts
}

// cutPhrase cuts a telling phrase or filler off a word of a script that puts no
// blanks between words: "デプロイ結果".
func cutPhrase(word string) (rest string, told part, ok bool) {
	if word[0] < utf8.RuneSelf {
		return word, noFacts, false
	}
	longest := 0
	try := func(phrase string, in part) {
		if phrase[0] >= utf8.RuneSelf && len(phrase) > longest && strings.HasPrefix(word, phrase) && !unicode.IsLower(firstRune(word)) {
			longest, told = len(phrase), in
		}
	}
	for in, phrases := range tellingHeadings {
		for phrase := range phrases {
			try(phrase, in)
		}
	}
	for phrase := range fillers {
		try(phrase, noFacts)
	}
	return word[longest:], told, longest > 0
}

// legends are headings of sections that explain the marks, or words of the document's own. They have no steps and no notes.
var legends = text.Set(`categories explained, category definitions, description of categories, explanation of categories, erklärung der kategorien, explication des catégories, explicación de las categorías
	カテゴリの説明, カテゴリ説明, 分類の説明, 类别说明, 分类说明, 분류 설명, legend, status legend, status key, key to symbols, symbol legend, legende, légende, leyenda, legenda, zeichenerklärung, simboli
	凡例, 图例, 圖例, 범례, легенда, обозначения, условные обозначения`)

// criteria match a folded heading of what would stop a deployment, or take it back.
var criteria = text.Pattern(`(?:rollback|roll back|rolling back|backout|block|abort|stop|no go|failure|bloqu|retour arrière|échec|abbruch|rückfall|rückroll|reversi|revers|reversã|aborto|откат|останов|ロールバック|切り戻し|中止|回滚|回退|롤백|중단)\pL*(?: \pL+){0,2} ?(?:criteri|condition|trigger|critèr|déclench|kriteri|bedingung|auslöser|condicion|condiç|gatilho|disparador|критери|услови|基準|条件|条件|标准|기준|조건)` +
	`|(?:criteri|condition|trigger|critèr|déclench|kriteri|bedingung|auslöser|condicion|condiç|gatilho|disparador|критери|услови)\pL*(?: \pL+){0,2} (?:rollback|roll back|block|abort|bloqu|retour arrière|d échec|abbruch|rückfall|reversi|reversã|отката|останов)`)

// troubles begin headings of sections that tell what was wrong. A sign in front of
// something there, "❌ nobody could log in", says no step's state.
var troubles = text.Phrases(`symptom, symptoms, impact, user impact, customer impact, business impact, service impact, root cause, root causes, cause, causes, before the fix, before the change, before this, original issue, original problem
	limitations, known limitations, symptome, auswirkung, auswirkungen, ursache, ursachen, grundursache, vor dem fix, vor der änderung, bekannte einschränkungen
	symptômes, impact utilisateur, cause racine, avant le fix, avant le correctif, avant la correction, limitations connues
	síntomas, impacto, causa raíz, causa, causas, antes del arreglo, antes de la corrección, sintomas, causa raiz, antes da correção, antes do fix
	sintomi, impatto, causa principale, cause principali, prima della correzione, symptomen, gevolgen, oorzaak, oorzaken
	症状, 影響, 原因, 根本原因, 修正前, 现象, 影响, 根因, 修复前, 증상, 영향, 원인, симптомы, влияние, причина, причины, до исправления`)

// textLabels are labels of lists that tell something. An item of theirs is a step only if
// it has a box.
var textLabels = text.Set(strings.Join(troubles, ", ") + `
	affected, affected systems, affected services, affected components, affected users, affected areas, affected customers, scope, in scope, out of scope, not in scope
	changes, changes included, included changes, included, other changes, list of changes, change list, summary of changes, change summary, what changed, what s changed, what has changed, what s new, what is new, new features, features, bug fixes, bugfixes, bugs fixed, fixed issues, fixes, fixed, added, removed, improvements, enhancements, breaking changes, breaking, deprecations, deprecated, highlights, release notes, changelog, change log
	risks, risk, benefits, reason, reasons, motivation, background, context
	betroffen, betroffene systeme, betroffene dienste, umfang, geltungsbereich, änderungen, enthaltene änderungen, inkompatible änderungen, neuerungen, neuigkeiten, neue funktionen, funktionen, was ist neu, was sich geändert hat, fehlerbehebungen, fehlerkorrekturen, verbesserungen, risiken, grund, gründe, hintergrund
	services affectés, systèmes affectés, périmètre, changements, changements majeurs, changements incompatibles, modifications, nouveautés, nouvelles fonctionnalités, fonctionnalités, corrections, corrections de bugs, améliorations, risques, contexte
	afectados, sistemas afectados, servicios afectados, alcance, cambios, cambios incompatibles, novedades, nuevas funciones, nuevas funcionalidades, funcionalidades, correcciones, correcciones de errores, mejoras, riesgos, contexto, sistemas afetados, serviços afetados, escopo, mudanças, alterações, novidades, novas funcionalidades, novos recursos, correções, correções de bugs, melhorias, riscos
	sistemi interessati, ambito, modifiche, novità, nuove funzionalità, funzionalità, correzioni, miglioramenti, rischi, getroffen systemen, wijzigingen, nieuwe functies, verbeteringen, risico s
	影響範囲, 影響を受けるシステム, 対象範囲, 変更点, 変更内容, 新機能, 機能追加, 不具合修正, 破壊的変更, リリースノート, リスク, 背景, 影响范围, 受影响的服务, 变更, 变更内容, 更新内容, 新功能, 新增功能, 问题修复, 修复内容, 不兼容变更, 重大变更, 风险, 영향 범위, 변경 사항, 변경 내용, 새로운 기능, 신규 기능, 버그 수정, 위험, изменения, что изменилось, что нового, новые возможности, исправления, улучшения, затронутые системы, риски, zmiany, nowości, poprawki, ryzyka, zakres`)

// tellsChanges reports whether a folded heading says no more than that something is told
// below it: "Features", "Bug fixes and improvements", "What's new in v2.3", but not "Changes to make".
func tellsChanges(folded string) (found bool) {
	for words := strings.Fields(folded); len(words) > 0; {
		n := min(4, len(words))
		for n > 0 && !textLabels[strings.Join(words[:n], " ")] {
			n--
		}
		found = found || n > 0
		if n == 0 && !fillers[words[0]] && !besideChanges[words[0]] && !strings.ContainsAny(words[0], "0123456789") {
			return false
		}
		words = words[max(1, n):]
	}
	return found
}

var besideChanges = text.Set(`in, since, from, new, key, main, major, minor, notable, important, all, deployed, released, seit, im, in, neue, wichtige, wichtigste, dans, depuis, en, principaux, principales, desde, principais, principali, nuove, em, na, no, nella, belangrijkste, в, основные, od, w`)

// stepsBelow matches a folded heading that says that there is something to do below it.
var stepsBelow = text.Pattern(`(?:^| )(?:\pL*(?:steps?|schritte?|checklists?|checkliste|procedure|runbook)|étapes?|etapas?|pasos?|passos?|passi|stappen|шаги|kroki)(?: |$)|手順|步骤|チェックリスト|检查清单|단계|절차`)

// beginsWithAny reports whether a folded heading begins with one of the phrases, as
// a word. Scripts without blanks between words need none.
func beginsWithAny(folded string, phrases []string) bool {
	for _, phrase := range phrases {
		rest, ok := strings.CutPrefix(folded, phrase)
		if ok && (rest == "" || rest[0] == ' ' || phrase[len(phrase)-1] >= utf8.RuneSelf && !unicode.IsLower(firstRune(rest))) {
			return true
		}
	}
	return false
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isStatusHead reports whether a head is that of a column for marks: one of
// [statusHeads], a mark, or empty.
func isStatusHead(head ast.Node, source []byte) bool {
	cell, ok := head.(*extensionast.TableCell)
	if !ok {
		return false
	}
	if cell.Lines().Len() == 0 {
		return true
	}
	segment := cell.Lines().At(0)
	title := strings.TrimSpace(string(source[segment.Start:segment.Stop]))
	if _, n, ok := ParseMark(title); title == "" || ok && n == len(title) {
		return true
	}
	return isIn(statusHeads, title)
}
