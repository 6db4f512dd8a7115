// What a clause without a figure promises, by its verbs and its words. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_JUDGE_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_JUDGE_H_

#include "services/registry/domain/compile_phrases.h"
#include "services/registry/domain/compile_work.h"

namespace minsheng::registry::compiler {

// `weak`: gives way to figures that stand beside it.
struct DeedGuess {
  TargetKind kind = TargetKind::kQualitative;
  bool weak = true;
};

DeedGuess JudgeDeed(const Work& work, const Clause& clause, const Phrase& phrase);

// A word of this class stands in the clause.
bool HasToken(const Work& work, const Clause& clause, WordClass word);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_JUDGE_H_
