// The process itself: what it may leave behind and how much memory it keeps.
#pragma once

namespace platen::host {

// No core dumps and no reading of our memory by other processes of the same user: it holds communities and keys.
void forbid_core_dumps();
// Somebody of that number runs; it may be another program by now.
[[nodiscard]] bool process_runs(long process);
// At most `arenas` heaps, so that a few threads do not keep several half-empty ones; and what was large is given back when
// it is freed. Before other threads exist.
void limit_heaps(int arenas);
// Hands free memory back to the operating system: after work that needed much of it once.
void give_memory_back();

}  // namespace platen::host
