// Names a thread for debuggers and `top`.
#ifndef MINSHENG_SERVICES_PLATFORM_BASE_THREAD_H_
#define MINSHENG_SERVICES_PLATFORM_BASE_THREAD_H_

#include <pthread.h>

namespace minsheng::platform {

// At most 15 characters.
inline void NameThisThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_BASE_THREAD_H_
