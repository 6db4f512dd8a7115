# How everything here is built: the toolchain's settings, the libraries, and three functions.
#
#   minsheng_library(NAME SOURCES… DEPS…)      one static library per folder
#   minsheng_program(NAME SOURCES… DEPS…)      an executable
#   minsheng_test(NAME SOURCES… DEPS… [LABELS…] [TIMEOUT seconds] [ARGS…] [ENGINES])   a GoogleTest program, run by ctest;
#                                              with ENGINES beside a PostgreSQL server

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
set_property(GLOBAL PROPERTY JOB_POOLS link=1)
set(CMAKE_JOB_POOL_LINK link)

set(MINSHENG_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined")
if(MINSHENG_SANITIZE)
  add_compile_options(-fsanitize=${MINSHENG_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MINSHENG_SANITIZE})
  if(MINSHENG_SANITIZE MATCHES thread)
    # GCC does not understand fences; and headers of prebuilt libraries must not change their layouts.
    add_compile_options(-Wno-tsan -U__SANITIZE_THREAD__)
  endif()
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(absl REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(SQLiteCpp REQUIRED)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(RHONABWY REQUIRED IMPORTED_TARGET librhonabwy)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(ZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)
pkg_check_modules(GUMBO REQUIRED IMPORTED_TARGET gumbo)
pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)

# Warnings are errors on our code; generated code is compiled without this target.
add_library(minsheng_options INTERFACE)
target_include_directories(minsheng_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(minsheng_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
  # GCC 12 mistakes the inside of an empty std::optional for a use of it, and sees overlaps in std::string's operator+.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

function(minsheng_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE minsheng_options)
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()

function(minsheng_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} minsheng_options)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

function(minsheng_test name)
  cmake_parse_arguments(ARG "ENGINES" "TIMEOUT" "SOURCES;DEPS;LABELS;ARGS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} minsheng_options GTest::gmock GTest::gtest_main)
  if(ARG_ENGINES)
    set(beside ${CMAKE_SOURCE_DIR}/tools/with-postgres)
  endif()
  add_test(NAME ${name} COMMAND ${beside} $<TARGET_FILE:${name}> ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "MINSHENG_SOURCE_DIR=${CMAKE_SOURCE_DIR};MINSHENG_BINARY_DIR=${CMAKE_BINARY_DIR}")
endfunction()
